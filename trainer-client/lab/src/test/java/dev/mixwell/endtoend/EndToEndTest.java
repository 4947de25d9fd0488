package dev.mixwell.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.HistoryEntry;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.launch.SmallServer;
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
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Text, indexed, served by the real server, trained on: through restarts of both ends. */
@Timeout(180)
class EndToEndTest {
  private static final int STEPS = 12;
  private static final String SPEC =
      """
      {"seed": 3, "batchRows": 6, "rowTokens": 16, "lookahead": 3, "issueAhead": 2, "evaluateEvery": 4,
       "groups": [{"name": "letters", "query": "kind:letters"}, {"name": "digits", "query": "kind:digits"}],
       "mixer": {"name": "odm"}, "validationRows": 4, "validationShare": 0.2}""";

  @TempDir Path directory;

  private SmallServer server;
  private MixwellClient client;

  @BeforeEach
  void start() throws IOException {
    server = SmallServer.start(directory);
    client = new MixwellClient(server.url());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private TrainReport train(String run, String checkpoints, Consumer<StepReport> progress)
      throws Exception {
    client.run(run).create(Json.read(SPEC, RunSpec.class));
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
            new CheckpointSettings(directory.resolve(checkpoints), 5, 2),
            null);
    try (var training = new Training(client.run(run), settings)) {
      return training.run(progress);
    }
  }

  @Test
  void restartsOfTrainerAndServerChangeNeitherTheMixtureNorAnyLoss() throws Exception {
    TrainReport whole = train("whole", "checkpoints-whole", step -> {});
    Consumer<StepReport> trouble =
        report -> {
          if (report.step() == 3) server.restart();
          if (report.step() == 8) throw new IllegalStateException("power cut");
        };
    assertThrows(IllegalStateException.class, () -> train("twin", "checkpoints-twin", trouble));
    TrainReport resumed = train("twin", "checkpoints-twin", step -> {});

    assertEquals(5, resumed.fromStep());
    assertEquals(List.of(0, 1), resumed.attempts());
    assertEquals(whole.validation().getLast(), resumed.validation().getLast());
    List<HistoryEntry> expected = client.run("whole").history(0, STEPS);
    List<HistoryEntry> actual = client.run("twin").history(0, STEPS);
    assertEquals(STEPS, expected.size());
    for (int step = 0; step < STEPS; step++)
      assertEquals(decided(expected.get(step)), decided(actual.get(step)), "step " + step);
  }

  /** All of a step but the attempt that owns it. */
  private static HistoryEntry decided(HistoryEntry e) {
    return new HistoryEntry(0, e.step(), e.mixer(), e.p(), e.q(), e.rows(), e.losses());
  }

  @Test
  void theModelLearnsAndTheMixtureMoves() throws Exception {
    TrainReport report = train("demo", "checkpoints", step -> {});
    Map<String, Double> first = report.validation().getFirst().losses();
    report
        .validation()
        .getLast()
        .losses()
        .forEach((name, loss) -> assertTrue(loss < first.get(name), name + " " + loss));
    assertEquals(
        List.of(0L, 4L, 8L, 12L),
        report.validation().stream().map(TrainReport.Evaluation::step).toList());
    List<HistoryEntry> history = client.run("demo").history(0, STEPS);
    assertTrue(history.stream().map(HistoryEntry::p).distinct().count() > 1, "ODM never moved");
  }
}
