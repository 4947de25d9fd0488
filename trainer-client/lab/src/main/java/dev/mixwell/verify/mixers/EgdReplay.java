package dev.mixwell.verify.mixers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.mixer.rules.Egd;

/** {@code EGD-KERNEL}: one step an event, each from its own p. */
final class EgdReplay implements Replay {
  @Override
  public void replay(VectorFile file, Deviations deviations) {
    for (int i = 0; i < file.events().size(); i++) {
      JsonNode event = file.events().get(i);
      double[] p = VectorFile.numbers(event.required("p"), "p");
      double[] g = VectorFile.numbers(event.required("g"), "g");
      if (p.length != g.length)
        throw new IllegalArgumentException("event " + i + ": `p` and `g` differ in length");
      double eta = VectorFile.number(event.required("eta"), "eta");
      JsonNode c = event.path("smoothing_c");
      double smoothing = VectorFile.isGiven(c) ? VectorFile.number(c, "smoothing_c") : 0;
      deviations.vector(
          "event " + i,
          "proportions",
          Egd.step(p, g, eta, smoothing),
          event.required("expected").path("proportions"));
    }
  }
}
