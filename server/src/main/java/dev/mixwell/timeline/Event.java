package dev.mixwell.timeline;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.mixwell.api.EventType;
import dev.mixwell.api.FeedbackKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to a run. Append-only as a format: a recorded event is read for ever.
 *
 * <p>Its records are the log's own, and no request's: they check nothing, so that a bound which is
 * tightened for new requests leaves every old log readable. Of the contract, only closed sets of
 * words are shared ({@code SharedWordsTest}).
 *
 * <p>{@link #type} is the one table of types: the names below, the rows of the timeline's table and
 * the streams of events follow it, which {@code EventTypesTest} holds.
 *
 * <p>Vectors are by group index, in the order of the run's groups. An event copies the arrays that
 * it is given, and gives copies. Its collections are its own from then on: whoever made them
 * changes them no more.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Event.RunCreated.class, name = "run-created"),
  @JsonSubTypes.Type(value = Event.AttemptOpened.class, name = "attempt-opened"),
  @JsonSubTypes.Type(value = Event.Issued.class, name = "issued"),
  @JsonSubTypes.Type(value = Event.FeedbackPosted.class, name = "feedback"),
  @JsonSubTypes.Type(value = Event.StepClosed.class, name = "step-closed"),
  @JsonSubTypes.Type(value = Event.BoundaryClosed.class, name = "boundary-closed"),
  @JsonSubTypes.Type(value = Event.MixerInstalled.class, name = "mixer-installed"),
  @JsonSubTypes.Type(value = Event.OverrideSet.class, name = "override-set"),
  @JsonSubTypes.Type(value = Event.OverrideCleared.class, name = "override-cleared"),
  @JsonSubTypes.Type(value = Event.RowsSkipped.class, name = "rows-skipped"),
  @JsonSubTypes.Type(value = Event.OperationCancelled.class, name = "operation-cancelled"),
  @JsonSubTypes.Type(value = Event.RunFinished.class, name = "run-finished")
})
public sealed interface Event {

  /** Its type; the slug is its name as it is recorded and as it is sent. */
  default EventType type() {
    return switch (this) {
      case RunCreated _ -> EventType.RUN_CREATED;
      case AttemptOpened _ -> EventType.ATTEMPT_OPENED;
      case Issued _ -> EventType.ISSUED;
      case FeedbackPosted _ -> EventType.FEEDBACK;
      case StepClosed _ -> EventType.STEP_CLOSED;
      case BoundaryClosed _ -> EventType.BOUNDARY_CLOSED;
      case MixerInstalled _ -> EventType.MIXER_INSTALLED;
      case OverrideSet _ -> EventType.OVERRIDE_SET;
      case OverrideCleared _ -> EventType.OVERRIDE_CLEARED;
      case RowsSkipped _ -> EventType.ROWS_SKIPPED;
      case OperationCancelled _ -> EventType.OPERATION_CANCELLED;
      case RunFinished _ -> EventType.RUN_FINISHED;
    };
  }

  /** Whether a run keeps it in memory: all but feedback and closes, of which each step has some. */
  @JsonIgnore // Jackson would take it for a member
  default boolean isControl() {
    return isControl(type());
  }

  /** Whether events of a type are {@link #isControl() control}. */
  static boolean isControl(EventType type) {
    return switch (type) {
      case FEEDBACK, STEP_CLOSED, BOUNDARY_CLOSED -> false;
      case RUN_CREATED,
          ATTEMPT_OPENED,
          ISSUED,
          MIXER_INSTALLED,
          OVERRIDE_SET,
          OVERRIDE_CLEARED,
          ROWS_SKIPPED,
          OPERATION_CANCELLED,
          RUN_FINISHED ->
          true;
    };
  }

  /**
   * @param manifestSha256 of the index the run is pinned to
   * @param mixerVersion of the first mixer's rule
   */
  record RunCreated(
      RecordedRun spec, String manifestSha256, List<PinnedGroup> groups, int mixerVersion)
      implements Event {}

  /**
   * A group as it was resolved when the run was created.
   *
   * @param extentsSha256 of its training extents
   * @param heldOutSha256 of its held-out extents
   * @param rows training rows of one epoch
   * @param heldOutRows rows the held-out documents give
   * @param packing how its documents were packed; null where rows are cut
   */
  record PinnedGroup(
      String name,
      String query,
      String extentsSha256,
      String heldOutSha256,
      long documents,
      long tokens,
      long rows,
      long heldOutRows,
      @Nullable PinnedPacking packing) {}

  /**
   * A plan of rows.
   *
   * @param sha256 of its checksums
   */
  record PinnedPacking(
      String sha256,
      long rows,
      long documents,
      long truncatedDocuments,
      long truncatedByConcat,
      long paddingTokens) {}

  /**
   * @param parent null for an attempt that continues nothing
   */
  record AttemptOpened(
      int attempt, long fromStep, int world, String launchId, @Nullable Integer parent)
      implements Event {}

  /** Steps below {@code upTo} may leave the server: their plans are frozen. */
  record Issued(int attempt, long upTo) implements Event {}

  /**
   * @param learningRate for alignment only
   */
  record FeedbackPosted(
      int attempt,
      FeedbackKind kind,
      long step,
      int reporter,
      SortedMap<String, RecordedFeedback> groups,
      @Nullable Double learningRate)
      implements Event {}

  /**
   * The feedback of a step is complete.
   *
   * @param reporters counted, in rank order
   * @param complete whether every reporter had posted
   * @param decided what it decides for step + lookahead
   * @param position of the step itself, which was issued and so is frozen
   */
  record StepClosed(
      int attempt,
      FeedbackKind kind,
      long step,
      List<Integer> reporters,
      boolean complete,
      Decided decided,
      StepPosition position)
      implements Event {}

  /**
   * @param posted whether the validation losses were posted; otherwise they are missing for good
   * @param position before the step: the step before it was issued, so is frozen
   */
  record BoundaryClosed(
      int attempt, long step, boolean posted, Decided decided, StepPosition position)
      implements Event {}

  /**
   * What a mixer decided.
   *
   * @param operation the event that installed it; -1 for the first
   * @param state the mixer's whole state, by vector
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out; nobody compares it
  record Decided(
      String mixer,
      int version,
      long operation,
      double[] p,
      double @Nullable [] lossWeights,
      Map<String, double[]> state) {
    public Decided {
      p = p.clone();
      lossWeights = copy(lossWeights);
      state = vectors(state);
    }

    @Override
    public double[] p() {
      return p.clone();
    }

    @Override
    public double @Nullable [] lossWeights() {
      return copy(lossWeights);
    }

    @Override
    public Map<String, double[]> state() {
      return vectors(state);
    }

    /** Copies in the same order, which is that of the bytes. */
    private static Map<String, double[]> vectors(Map<String, double[]> state) {
      var copy = new LinkedHashMap<String, double[]>();
      state.forEach((name, vector) -> copy.put(name, vector.clone()));
      return copy;
    }
  }

  /**
   * Where a step left the run.
   *
   * @param q served at the step; null before the first
   * @param rows cumulative, after the step
   * @param carry after the step, in 2^-52 seats
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out; nobody compares it
  record StepPosition(double @Nullable [] q, long[] rows, long[] carry) {
    public StepPosition {
      q = copy(q);
      rows = rows.clone();
      carry = carry.clone();
    }

    @Override
    public double @Nullable [] q() {
      return copy(q);
    }

    @Override
    public long[] rows() {
      return rows.clone();
    }

    @Override
    public long[] carry() {
      return carry.clone();
    }
  }

  private static double @Nullable [] copy(double @Nullable [] vector) {
    return vector == null ? null : vector.clone();
  }

  /** Events of operators carry who and why, and the first step they act on. */
  sealed interface Operation extends Event {
    long effectiveStep();

    String who();

    String why();
  }

  /**
   * @param fromCurrent whether it continues from the proportions in force
   */
  record MixerInstalled(
      long effectiveStep,
      RecordedMixer mixer,
      int version,
      boolean fromCurrent,
      String who,
      String why)
      implements Operation {}

  /** Bounds of a share. */
  record Clamp(double min, double max) {}

  /** Replaces all overrides from a step on. */
  record OverrideSet(
      long effectiveStep,
      SortedMap<String, Double> pins,
      SortedMap<String, Clamp> clamps,
      String who,
      String why)
      implements Operation {}

  record OverrideCleared(long effectiveStep, String who, String why) implements Operation {}

  record RowsSkipped(long effectiveStep, int steps, String who, String why) implements Operation {}

  /**
   * @param operation sequence number of the event that is taken back before its step is issued
   */
  record OperationCancelled(long operation, String who, String why) implements Event {}

  record RunFinished(String who, String why) implements Event {}
}
