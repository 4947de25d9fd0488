package dev.mixwell.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.HistoryEntry;
import dev.mixwell.api.MixerAnswer;
import dev.mixwell.api.MixerChange;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.client.RunClient;
import dev.mixwell.launch.SmallServer;
import dev.mixwell.mixer.MixersUnderTest;
import dev.mixwell.trainer.StepReport;
import dev.mixwell.trainer.TrainReport;
import dev.mixwell.trainer.TrainSettings;
import dev.mixwell.trainer.TrainSettings.CheckpointSettings;
import dev.mixwell.trainer.TrainSettings.Feeding;
import dev.mixwell.trainer.TrainSettings.ModelSize;
import dev.mixwell.trainer.TrainSettings.Recipe;
import dev.mixwell.trainer.Training;
import dev.mixwell.trainer.model.LearnerTest;
import dev.mixwell.trainer.model.LearningRate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of feedback that a mixer awaits, given by the trainer to the real server. */
@Timeout(300)
class MixersEndToEndTest {
  private static final int STEPS = 12;
  private static final List<Double> UNIFORM = List.of(0.5, 0.5);

  /** Rounds of 6 steps: two segments of 2, evaluated at 0, 2, 4, 6, 8, 10. */
  private static final String AIOLI =
      "{\"name\": \"aioli\", \"parameters\": {\"roundSteps\": 6, \"sweeps\": 1, \"segmentSteps\":"
          + " 2}}";

  /**
   * Name, mixer, steps between checkpoints, reporters. The checkpoints of Aioli's are inside a
   * probe, at the end of the probes, and in a main part.
   */
  private static final String CASES =
      """
      aioli-probe   | {"name": "aioli", "parameters": {"roundSteps": 6, "sweeps": 1, "segmentSteps": 2}} | 3 | reduced
      aioli-end     | {"name": "aioli", "parameters": {"roundSteps": 6, "sweeps": 1, "segmentSteps": 2}} | 4 | reduced
      aioli-main    | {"name": "aioli", "parameters": {"roundSteps": 6, "sweeps": 1, "segmentSteps": 2}} | 5 | reduced
      skill-it      | {"name": "skill-it", "parameters": {"updateSteps": 4, "evaluateSteps": 2, "graph": [[1, 0.5], [0.1, 1]]}} | 3 | reduced
      doremi        | {"name": "doremi"} | 5 | reduced
      doremi-served | {"name": "doremi", "parameters": {"sampling": "proportions"}} | 5 | ranks
      doremi-aioli  | {"name": "doremi", "parameters": {"variant": "aioli", "eta": 1}} | 5 | reduced
      doge          | {"name": "doge"} | 5 | ranks
      """;

  @TempDir static Path directory;

  private static SmallServer server;
  private static MixwellClient client;

  @BeforeAll
  static void start() throws Exception {
    server = SmallServer.start(directory);
    client = new MixwellClient(server.url());
    train(create("reference", "{\"name\": \"stratified\"}"), step -> {}, STEPS, null);
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static RunClient create(String name, String mixer) {
    return create(name, mixer, "reduced");
  }

  private static RunClient create(String name, String mixer, String reporters) {
    String spec =
        """
        {"seed": 3, "batchRows": 6, "rowTokens": 16, "lookahead": 3, "issueAhead": 2, "mixer": %s, "reporters": "%s",
         "groups": [{"name": "letters", "query": "kind:letters"}, {"name": "digits", "query": "kind:digits"}],
         "validationRows": 4, "validationShare": 0.2}\
        """
            .formatted(mixer, reporters);
    RunClient run = client.run(name);
    run.create(Json.read(spec, RunSpec.class));
    return run;
  }

  /**
   * @param checkpointEvery steps; checkpoints are the run's own
   * @param reference the run whose checkpoints are the reference
   */
  private static TrainReport train(
      RunClient run, Consumer<StepReport> progress, int checkpointEvery, @Nullable String reference)
      throws Exception {
    var settings =
        new TrainSettings(
            STEPS,
            new ModelSize(1, 16, 2, true),
            new Recipe(
                LearnerTest.SETTINGS,
                new LearningRate(1e-2, LearningRate.Schedule.COSINE, 2, STEPS),
                1),
            new Feeding(2, 4),
            true,
            new CheckpointSettings(checkpoints(run.name()), checkpointEvery, 2),
            reference == null ? null : checkpoints(reference));
    try (var training = new Training(run, settings)) {
      return training.run(progress);
    }
  }

  private static Path checkpoints(String run) {
    return directory.resolve("checkpoints-" + run);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = CASES)
  void theMixerMovesAndRestartsChangeNoBit(
      String name, String mixer, int checkpointEvery, String reporters) throws Exception {
    RunClient run = create(name, mixer, reporters);
    TrainReport whole = train(run, step -> {}, STEPS, "reference");
    MixerAnswer end = run.mixer();
    assertNotEquals(UNIFORM, end.state().get("p"), name + " stood still: " + end);

    RunClient twin = create(name + "-twin", mixer, reporters);
    Consumer<StepReport> trouble =
        report -> {
          if (report.step() == 1) server.restart();
          if (report.step() == 2L * checkpointEvery - 2)
            throw new IllegalStateException("power cut");
        };
    assertThrows(
        IllegalStateException.class, () -> train(twin, trouble, checkpointEvery, "reference"));
    TrainReport resumed = train(twin, step -> {}, checkpointEvery, "reference");

    assertEquals(checkpointEvery, resumed.fromStep());
    assertEquals(whole.validation().getLast(), resumed.validation().getLast());
    List<HistoryEntry> expected = run.history(0, STEPS);
    List<HistoryEntry> actual = twin.history(0, STEPS);
    assertEquals(STEPS, expected.size());
    for (int step = 0; step < STEPS; step++)
      assertEquals(decided(expected.get(step)), decided(actual.get(step)), "step " + step);
    assertEquals(end.state(), twin.mixer().state());
  }

  /** Mixers by training losses are all alike to the trainer; EndToEndTest trains with one. */
  @Test
  void everyMixerThatAsksMoreOfTheTrainerIsTrainedWith() {
    for (MixerSpec spec : MixersUnderTest.specs(2)) {
      FeedbackKind awaits = MixersUnderTest.create(spec, 2).awaits();
      if (awaits != null && awaits != FeedbackKind.TRAIN)
        assertTrue(
            CASES.contains("\"name\": \"" + spec.name() + "\""),
            "the mixer `%s` has no line in CASES of %s"
                .formatted(
                    spec.name(),
                    "trainer-client/lab/src/test/java/dev/mixwell/endtoend/MixersEndToEndTest.java"));
    }
  }

  /** All of a step but the attempt that owns it. */
  private static HistoryEntry decided(HistoryEntry e) {
    return new HistoryEntry(0, e.step(), e.mixer(), e.p(), e.q(), e.rows(), e.losses());
  }

  @Test
  void aBatchIsWeighedByWhatTheMixerSaysAndPlansShowIt() throws Exception {
    RunClient run = create("weighed", "{\"name\": \"doremi\"}");
    train(run, step -> {}, STEPS, "reference");
    Map<String, Double> weights = run.plan(0, STEPS - 1).lossWeights();
    assertEquals(Set.of("letters", "digits"), weights.keySet());
    assertTrue(weights.get("letters") != 1 && weights.get("digits") != 1, weights::toString);
    for (HistoryEntry step : run.history(0, STEPS))
      assertTrue(
          step.losses().keySet().containsAll(Set.of(FeedbackKind.TRAIN, FeedbackKind.EXCESS)));
  }

  /** Batches pulled before the swap do not announce what it awaits. */
  @Test
  void aMixerThatAwaitsValidationCanBeSwappedIn() throws Exception {
    RunClient run = create("swapped", "{\"name\": \"odm\"}");
    Consumer<StepReport> operator =
        report -> {
          if (report.step() == 2)
            run.swap(
                new MixerChange(Json.read(AIOLI, MixerSpec.class), "now", null, "ann", "to see"),
                run.mixer().tag());
        };
    train(run, operator, STEPS, null);
    MixerAnswer end = run.mixer();
    assertEquals("aioli", end.mixer().name());
    assertEquals(1, end.state().get("decided").getFirst(), end::toString);
  }

  @Test
  void withoutAReferenceNoAttemptIsOpened() throws Exception {
    RunClient run = create("alone", "{\"name\": \"doremi\"}");
    var refused =
        assertThrows(IllegalArgumentException.class, () -> train(run, step -> {}, STEPS, null));
    assertTrue(refused.getMessage().contains("--reference-checkpoint"), refused.getMessage());
    assertEquals(null, run.describe().newestAttempt());
  }
}
