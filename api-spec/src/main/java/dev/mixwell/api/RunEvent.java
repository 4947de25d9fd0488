package dev.mixwell.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a run's timeline as a stream of events tells it: the {@code data} of a server-sent
 * event whose {@code id} is the entry's sequence number. Append-only: members are added, never
 * renamed or taken away.
 *
 * <p>What operators did is an {@link OperationView}, as in the answers that list operations.
 */
public sealed interface RunEvent
    permits OperationView,
        RunEvent.RunCreated,
        RunEvent.AttemptOpened,
        RunEvent.Issued,
        RunEvent.Feedback,
        RunEvent.StepClosed,
        RunEvent.BoundaryClosed,
        RunEvent.OperationCancelled,
        RunEvent.RunFinished {
  /** When it was accepted, ISO-8601. */
  String at();

  /**
   * A mixer that decided something.
   *
   * @param version of the update rule
   * @param operation the event that installed it; -1 for the run's first mixer
   */
  record Decider(String name, int version, long operation) {}

  /**
   * @param groups in the run's order
   */
  record RunCreated(String at, List<String> groups, MixerSpec mixer) implements RunEvent {}

  /**
   * @param parent null for an attempt that continues nothing
   */
  record AttemptOpened(String at, int attempt, long fromStep, int world, @Nullable Integer parent)
      implements RunEvent {}

  /**
   * @param upTo steps below may leave the server
   */
  record Issued(String at, int attempt, long upTo) implements RunEvent {}

  /**
   * @param groups by group name, as posted
   * @param learningRate for alignment only
   */
  record Feedback(
      String at,
      int attempt,
      FeedbackKind kind,
      long step,
      int reporter,
      Map<String, GroupFeedback> groups,
      @Nullable Double learningRate)
      implements RunEvent {}

  /**
   * The feedback of a step is complete.
   *
   * @param decides the step whose proportions it decides, if the mixer is still in force there
   * @param reporters counted, in rank order
   * @param complete whether every reporter had posted
   * @param p decided, by group
   * @param q served at the step itself, by group
   * @param lossWeights by group; null where the mixer does not weigh losses
   */
  record StepClosed(
      String at,
      int attempt,
      FeedbackKind kind,
      long step,
      long decides,
      List<Integer> reporters,
      boolean complete,
      Decider mixer,
      Map<String, Double> p,
      Map<String, Double> q,
      @Nullable Map<String, Double> lossWeights)
      implements RunEvent {}

  /**
   * Validation losses before a step are taken, or missing for good.
   *
   * @param posted whether they were posted
   * @param p decided, by group
   * @param lossWeights by group; null where the mixer does not weigh losses
   */
  record BoundaryClosed(
      String at,
      int attempt,
      long step,
      boolean posted,
      Decider mixer,
      Map<String, Double> p,
      @Nullable Map<String, Double> lossWeights)
      implements RunEvent {}

  /**
   * @param operation that is taken back
   */
  record OperationCancelled(String at, long operation, String who, String why)
      implements RunEvent {}

  record RunFinished(String at, String who, String why) implements RunEvent {}
}
