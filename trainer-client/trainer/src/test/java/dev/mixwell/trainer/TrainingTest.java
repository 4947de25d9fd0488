package dev.mixwell.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.base.ProblemType;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.client.Peer;
import dev.mixwell.client.ProblemException;
import dev.mixwell.client.RetryPolicy;
import dev.mixwell.client.Transport;
import dev.mixwell.trainer.TrainSettings.CheckpointSettings;
import dev.mixwell.trainer.TrainSettings.Feeding;
import dev.mixwell.trainer.TrainSettings.ModelSize;
import dev.mixwell.trainer.TrainSettings.Recipe;
import dev.mixwell.trainer.model.LearnerTest;
import dev.mixwell.trainer.model.LearningRate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class TrainingTest {
  private static final RetryPolicy FAST =
      new RetryPolicy(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(1),
          Duration.ofMillis(4));

  @TempDir Path directory;

  private static TrainSettings settings(long steps, @Nullable CheckpointSettings checkpoints) {
    return new TrainSettings(
        steps,
        new ModelSize(1, 16, 2, true),
        new Recipe(
            LearnerTest.SETTINGS,
            new LearningRate(1e-2, LearningRate.Schedule.CONSTANT, 3, steps),
            5),
        new Feeding(2, 4),
        true,
        checkpoints,
        null);
  }

  private TrainSettings checkpointed(long steps, long every) {
    return settings(steps, new CheckpointSettings(directory.resolve("checkpoints"), every, 2));
  }

  private static TrainReport train(Peer peer, TrainSettings settings, Consumer<StepReport> progress)
      throws Exception {
    try (var client = new MixwellClient(new Transport(peer.uri(), Transport.Limits.DEFAULT), FAST);
        var training = new Training(client.run("demo"), settings)) {
      return training.run(progress);
    }
  }

  /** Steps of the complete checkpoints, newest first. */
  private List<Long> checkpoints() {
    try {
      var all = new Checkpoints(directory.resolve("checkpoints"), 2).all();
      return all.stream().map(p -> Long.valueOf(p.getFileName().toString().substring(5))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Peer peer() throws IOException {
    var peer = new Peer(Peer.spec(4, 8, 4));
    peer.awaits = FeedbackKind.TRAIN;
    return peer;
  }

  /** Posted feedback by kind and step, whichever attempt it came from. */
  private static Map<String, FeedbackRequest> posted(Peer peer) {
    var posted = new TreeMap<String, FeedbackRequest>();
    for (Peer.Posted p : peer.posts())
      posted.put(p.feedback().kind() + " " + p.step(), p.feedback());
    return posted;
  }

  @ParameterizedTest
  @EnumSource(FeedbackKind.class)
  void anInterruptionChangesNoBitOfAnyFeedback(FeedbackKind awaits) throws Exception {
    Path reference = reference(2);
    try (Peer whole = peer();
        Peer interrupted = peer()) {
      whole.awaits = interrupted.awaits = awaits;
      whole.boundary = interrupted.boundary = step -> step % 2 == 0;
      TrainReport expected = train(whole, relativeTo(reference, settings(6, null)), step -> {});
      train(interrupted, relativeTo(reference, checkpointed(3, 100)), step -> {});
      TrainReport resumed =
          train(interrupted, relativeTo(reference, checkpointed(6, 100)), step -> {});
      assertEquals(posted(whole), posted(interrupted));
      assertTrue(posted(whole).containsKey(awaits + " 4"), posted(whole)::toString);
      assertEquals(expected.validation().getLast(), resumed.validation().getLast());
      assertEquals(List.of(0, 1), resumed.attempts());
      assertEquals(0, interrupted.attempts().getLast().parent());
      assertEquals(3, interrupted.attempts().getLast().fromStep());
    }
  }

  /** A finished training of the same model. */
  private Path reference(long steps) throws Exception {
    Path kept = directory.resolve("reference");
    try (Peer peer = peer()) {
      train(peer, settings(steps, new CheckpointSettings(kept, 100, 1)), step -> {});
    }
    return kept;
  }

  private static TrainSettings relativeTo(@Nullable Path reference, TrainSettings s) {
    return new TrainSettings(
        s.steps(), s.size(), s.recipe(), s.feeding(), s.evaluateEnds(), s.checkpoints(), reference);
  }

  /** A training that repeats the reference's is as good as it at its last step, token by token. */
  @Test
  void excessIsWhatTheReferenceIsBetterBy() throws Exception {
    Path reference = reference(3);
    for (FeedbackKind kind : List.of(FeedbackKind.EXCESS, FeedbackKind.DIFFERENCE))
      try (Peer peer = peer()) {
        peer.awaits = kind;
        train(peer, relativeTo(reference, settings(9, null)), step -> {});
        Map<String, FeedbackRequest> posted = posted(peer);
        for (String group : List.of("even", "odd")) {
          var relative = new double[9];
          for (int step = 0; step < 9; step++) {
            GroupFeedback sums = posted.get(kind + " " + step).groups().get(group);
            assertEquals(posted.get("TRAIN " + step).groups().get(group).tokens(), sums.tokens());
            relative[step] = sums.lossSum();
          }
          assertTrue(relative[0] > 0, group + " " + relative[0]);
          assertEquals(0, relative[3], group);
          assertTrue(kind == FeedbackKind.EXCESS ? relative[8] >= 0 : relative[8] < 0, group);
        }
      }
  }

  @Test
  void withoutAReferenceTheTrainingSaysSoBeforeItBegins() throws Exception {
    try (Peer peer = peer()) {
      peer.awaits = FeedbackKind.EXCESS;
      var refused =
          assertThrows(
              IllegalArgumentException.class, () -> train(peer, settings(9, null), step -> {}));
      assertTrue(refused.getMessage().contains("--reference-checkpoint"), refused.getMessage());
      assertEquals(List.of(), peer.attempts());
    }
  }

  @Test
  void aMixerSwappedInThatNeedsAReferenceEndsTheLaunchAtItsFirstStep() throws Exception {
    try (Peer peer = peer()) {
      peer.awaits = FeedbackKind.DIFFERENCE;
      peer.awaitsFrom = 6;
      var refused =
          assertThrows(
              IllegalArgumentException.class, () -> train(peer, settings(9, null), step -> {}));
      assertTrue(
          refused.getMessage().startsWith("step 6 awaits `difference`"), refused.getMessage());
    }
  }

  @Test
  void theRateOfTheStepTravelsWithItsAlignment() throws Exception {
    try (Peer peer = peer()) {
      peer.awaits = FeedbackKind.ALIGNMENT;
      peer.lossWeights = "[1.5,0.5]";
      train(peer, settings(5, null), step -> {});
      Map<String, FeedbackRequest> posted = posted(peer);
      assertEquals(1e-2 / 3, posted.get("ALIGNMENT 0").learningRate());
      assertEquals(1e-2, posted.get("ALIGNMENT 4").learningRate());
      assertEquals(5, posted.keySet().stream().filter(k -> k.startsWith("TRAIN")).count());
    }
  }

  @Test
  void aLaunchThatDiesMidwayIsTakenUpAtItsCheckpoint() throws Exception {
    try (Peer whole = peer();
        Peer interrupted = peer()) {
      train(whole, settings(7, null), step -> {});
      Consumer<StepReport> dies =
          report -> {
            if (report.step() == 5) throw new IllegalStateException("power cut");
          };
      assertThrows(IllegalStateException.class, () -> train(interrupted, checkpointed(7, 2), dies));
      TrainReport resumed = train(interrupted, checkpointed(7, 2), step -> {});
      assertEquals(4, resumed.fromStep());
      assertEquals(posted(whole), posted(interrupted));
    }
  }

  @Test
  void checkpointsAreWrittenOnlyWhenTheFeedbackBeforeThemIsSettled() throws Exception {
    try (Peer peer = peer()) {
      peer.busyTries = 15; // longer than a checkpoint takes
      var early = new ConcurrentLinkedQueue<String>();
      peer.beforePost =
          step -> {
            for (long checkpoint : checkpoints())
              if (checkpoint > step) early.add(checkpoint + " before the post of " + step);
          };
      train(peer, checkpointed(8, 1), step -> {});
      assertEquals(List.of(), List.copyOf(early));
      assertEquals(List.of(8L, 7L), checkpoints());
    }
  }

  @Test
  void boundariesAreEvaluatedOnceWhetherAnnouncedOrNot() throws Exception {
    for (boolean announced : new boolean[] {true, false})
      try (Peer peer = peer()) {
        peer.boundary = step -> step % 3 == 0;
        peer.announces = announced;
        train(peer, settings(7, null), step -> {});
        List<Long> steps =
            peer.posts().stream()
                .filter(p -> p.feedback().kind() == FeedbackKind.VALIDATION)
                .map(Peer.Posted::step)
                .toList();
        assertEquals(List.of(0L, 3L, 6L), steps);
        assertEquals(6 * 8, peer.posts().getFirst().feedback().groups().get("odd").tokens());
      }
  }

  @Test
  void heldOutLossesFallForEveryGroup() throws Exception {
    try (Peer peer = peer()) {
      TrainReport report = train(peer, settings(40, null), step -> {});
      Map<String, Double> first = report.validation().getFirst().losses();
      report
          .validation()
          .getLast()
          .losses()
          .forEach((name, loss) -> assertTrue(loss < first.get(name) - 0.5, name + " " + loss));
      assertEquals(40 * 4 * 8, report.tokens());
    }
  }

  @Test
  void aFencedTrainerStops() throws Exception {
    try (Peer peer = peer()) {
      Consumer<StepReport> another =
          report -> {
            if (report.step() == 2) launch(peer);
          };
      var fenced =
          assertThrows(ProblemException.class, () -> train(peer, settings(50, null), another));
      assertTrue(fenced.is(ProblemType.FENCED));
    }
  }

  private static void launch(Peer peer) {
    try (var client = new MixwellClient(peer.uri())) {
      client.run("demo").open(new AttemptRequest(1, 1, "another", null));
    }
  }
}
