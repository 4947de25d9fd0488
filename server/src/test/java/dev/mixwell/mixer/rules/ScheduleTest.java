package dev.mixwell.mixer.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final String POINTS =
      "[{\"at\":10,\"weights\":{\"web\":3,\"code\":1}},"
          + "{\"at\":20,\"weights\":{\"web\":0,\"code\":5}},"
          + "{\"at\":30,\"weights\":{\"web\":1,\"code\":1}}]";

  private static Mixer schedule(String parameters) {
    String json = "{\"name\":\"schedule\",\"parameters\":{" + parameters + "}}";
    var context = new MixerContext(1, List.of("web", "code"), new long[2], 5, 100, 4);
    return Mixers.create(Json.read(json, MixerSpec.class), context);
  }

  private static double[] at(Mixer mixer, long offset) {
    return ((Phase.Scheduled) mixer.phase(offset)).p().toArray();
  }

  @Test
  void proportionsMoveLinearlyBetweenPointsAndStayOutsideThem() {
    Mixer mixer = schedule("\"points\":" + POINTS);
    assertNull(mixer.awaits());
    assertArrayEquals(new double[] {0.75, 0.25}, at(mixer, 0));
    assertArrayEquals(new double[] {0.75, 0.25}, at(mixer, 10));
    assertArrayEquals(new double[] {0.6, 0.4}, at(mixer, 12), 1e-15);
    assertArrayEquals(new double[] {0, 1}, at(mixer, 20));
    assertArrayEquals(new double[] {0.25, 0.75}, at(mixer, 25), 1e-15);
    assertArrayEquals(new double[] {0.5, 0.5}, at(mixer, 30));
    assertArrayEquals(new double[] {0.5, 0.5}, at(mixer, Long.MAX_VALUE));
  }

  @Test
  void stepsHoldUntilTheNextPoint() {
    Mixer mixer = schedule("\"interpolation\":\"step\",\"points\":" + POINTS);
    assertArrayEquals(new double[] {0.75, 0.25}, at(mixer, 9));
    assertArrayEquals(new double[] {0.75, 0.25}, at(mixer, 19));
    assertArrayEquals(new double[] {0, 1}, at(mixer, 20));
    assertArrayEquals(new double[] {0, 1}, at(mixer, 29));
    assertArrayEquals(new double[] {0.5, 0.5}, at(mixer, 30));
  }

  @Test
  void tokensAreCountedByTheStep() {
    String tokens =
        POINTS.replace("10,", "5000,").replace("20,", "10000,").replace("30,", "15000,");
    Mixer mixer = schedule("\"unit\":\"tokens\",\"points\":" + tokens);
    Mixer steps = schedule("\"points\":" + POINTS);
    for (int offset = 0; offset < 40; offset++)
      assertArrayEquals(at(steps, offset), at(mixer, offset), 1e-15);
    Mixer within = schedule("\"unit\":\"tokens\",\"interpolation\":\"step\",\"points\":" + POINTS);
    assertArrayEquals(new double[] {0.75, 0.25}, at(within, 0));
    assertArrayEquals(new double[] {0.5, 0.5}, at(within, 1));
  }

  @Test
  void onePointHoldsThroughout() {
    Mixer mixer = schedule("\"points\":[{\"at\":7,\"weights\":{\"web\":1,\"code\":3}}]");
    for (long offset : new long[] {0, 7, 100})
      assertArrayEquals(new double[] {0.25, 0.75}, at(mixer, offset));
  }

  @Test
  void aPointIsFoundAmongMany() {
    var points = new StringBuilder();
    for (int i = 0; i < 1_024; i++)
      points
          .append(i == 0 ? "" : ",")
          .append("{\"at\":%d,\"weights\":{\"web\":%d,\"code\":%d}}".formatted(i * i, i, 2000 - i));
    Mixer mixer = schedule("\"interpolation\":\"step\",\"points\":[" + points + "]");
    for (int offset = 0; offset < 1_100_000; offset += 37) {
      int place = (int) Math.min(1023, Math.floor(Math.sqrt(offset)));
      assertEquals(place / 2000.0, at(mixer, offset)[0], 1e-15);
    }
  }

  @Test
  void startsAtItsOwnProportionsWhateverWasBefore() {
    Mixer mixer = schedule("\"points\":" + POINTS);
    assertArrayEquals(new double[] {0.75, 0.25}, mixer.start(Proportions.of(0, 1)).p().toArray());
  }

  @Test
  void pointsThatMakeNoScheduleAreRefusedByPlace() {
    refused("is missing", "\"unit\":\"steps\"");
    refused("`points` ", "\"points\":{}");
    refused("0 entries", "\"points\":[]");
    refused("no object at place 0", "\"points\":[1]");
    refused("did you mean `at`", "\"points\":[{\"ad\":1,\"weights\":{\"web\":1,\"code\":1}}]");
    refused("`points[0].weights`", "\"points\":[{\"at\":1}]");
    refused("`points[0].at`", "\"points\":[{\"weights\":{\"web\":1,\"code\":1}}]");
    refused("`points[0].at`", "\"points\":[{\"at\":-1,\"weights\":{\"web\":1,\"code\":1}}]");
    refused("`points[0].weights`", "\"points\":[{\"at\":1,\"weights\":{\"web\":1}}]");
    refused("`points[1].at`", "\"points\":" + POINTS.replace("20,", "10,"));
  }

  private static void refused(String says, String parameters) {
    var refusal = assertThrows(Refusal.class, () -> schedule(parameters));
    assertEquals(ProblemType.INVALID_MIXER, refusal.type());
    assertTrue(refusal.detail().contains(says), refusal.detail());
  }
}
