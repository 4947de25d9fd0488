package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.OverridesChange;
import dev.mixwell.api.RunSpec;
import dev.mixwell.api.SkipRequest;
import dev.mixwell.base.Json;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.MemoryTimelineStore;
import dev.mixwell.verify.RunVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Timelines recorded by an earlier version, one for each mixer, still fold to the proportions they
 * hold: a run outlives the server that began it. A new mixer is recorded by {@link #RECORD}; what
 * is recorded is never written again.
 */
final class GoldenTimelinesTest {
  private static final Path FOLDER = Path.of("src/test/resources/timelines");
  private static final long STEPS = 30;

  /** Writes what is missing. */
  private static final String RECORD = "./mixwell test GoldenTimelinesTest -Dmixwell.record=true";

  @Test
  void everyRecordedTimelineFoldsToTheProportionsItHolds() throws IOException {
    if (Boolean.getBoolean("mixwell.record")) record();
    var names = new TreeSet<String>();
    try (var files = Files.newDirectoryStream(FOLDER, "*.jsonl")) {
      for (Path file : files) names.add(fold(file));
    }
    for (String name : MixersUnderTest.shipped())
      assertTrue(
          names.contains(name),
          "the mixer `%s` has no timeline in server/%s: record one by %s"
              .formatted(name, FOLDER, RECORD));
  }

  private static String fold(Path file) throws IOException {
    var store = new MemoryTimelineStore();
    for (String line : Files.readAllLines(file))
      store.append(List.of(new Entry(store.size(), 0, Json.read(line, Event.class))));
    RunVerifier.Report report = new RunVerifier(store).verify((entry, entries) -> {});
    assertEquals(List.of(), report.differences(), file.toString());
    assertTrue(report.steps() >= STEPS, file + ": " + report);
    if (store.read(0, 1).getFirst().event() instanceof Event.RunCreated created)
      return created.spec().mixer().name();
    throw new AssertionError(file + " does not begin with run-created");
  }

  private static void record() throws IOException {
    Files.createDirectories(FOLDER);
    for (MixerSpec mixer : SimConfig.mixers()) {
      String variant = String.valueOf(mixer.parameters().getOrDefault("variant", "default"));
      Path file = FOLDER.resolve(mixer.name() + "-" + variant + ".jsonl");
      if (!mixer.name().equals("test-probing") && !Files.exists(file))
        Files.write(file, lines(mixer));
    }
  }

  /** A run with a trainer that dies and goes on, a pin and a skip. */
  private static List<String> lines(MixerSpec mixer) {
    var spec = SimConfig.spec(11, mixer, 12, 2, RunSpec.Reporters.REDUCED);
    var habits = new SimConfig.Habits(1, 1, false, true, false, false, false);
    var sim = new Sim(SimConfig.of(spec, STEPS, habits, 1, 2));
    sim.advance(sim.launch(0, 2), 17);
    operate(sim);
    sim.server.restart();
    sim.advance(sim.launch(11, 1), STEPS);
    SimAudit.check(sim);
    var lines = new ArrayList<String>();
    for (Entry entry : sim.server.store.log()) lines.add(Json.write(entry.event()));
    return lines;
  }

  private static void operate(Sim sim) {
    var pin = new OverridesChange(Map.of("a", 0.4), Map.of(), "now", "ann", "to see");
    sim.server.call(Fault.NONE, () -> sim.server.run().override(pin));
    var skip = new SkipRequest(sim.server.run().upTo() + 2, 3, "ann", "bad rows");
    sim.server.call(Fault.NONE, () -> sim.server.run().skip(skip));
  }
}
