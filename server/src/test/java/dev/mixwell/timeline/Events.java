package dev.mixwell.timeline;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.RunSpec;
import dev.mixwell.fold.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Events for tests of stores: one of every type, with the doubles that are hardest to keep. */
public final class Events {
  static final double[] EXTREMES = {
    0.0,
    -0.0,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Math.nextDown(Double.MIN_NORMAL),
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    1.0 / 3,
    Math.nextUp(1.0),
    Math.nextDown(1.0),
    0.1 + 0.2,
    9007199254740993.0,
    2e-3,
    1e23,
    4.35e-322,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  private Events() {}

  public static List<Event> ofEveryType() {
    return List.of(
        runCreated(),
        new Event.AttemptOpened(0, 0, 48, "launch \u00e9\u4e16\uD83D\uDE00\u0000\"\\", null),
        new Event.AttemptOpened(1, 7, 1, "second", 0),
        new Event.Issued(1, Long.MAX_VALUE),
        feedback(1, FeedbackKind.TRAIN, 3, 0),
        feedback(1, FeedbackKind.VALIDATION, 4, 0),
        feedback(1, FeedbackKind.EXCESS, 3, 5),
        feedback(1, FeedbackKind.ALIGNMENT, 3, 0),
        stepClosed(1, 3),
        new Event.BoundaryClosed(
            1, 4, false, decided(), new Event.StepPosition(null, new long[2], new long[2])),
        new Event.MixerInstalled(
            9,
            new RecordedMixer("odm", Map.of("eta", 0.25, "warmup", 3)),
            2,
            true,
            "ann",
            "to compare"),
        new Event.OverrideSet(
            9,
            new TreeMap<>(Map.of("a", Double.MIN_VALUE)),
            new TreeMap<>(Map.of("b", new Event.Clamp(0, 1))),
            "ann",
            "why"),
        new Event.OverrideCleared(10, "ann", "done"),
        new Event.RowsSkipped(11, 3, "ann", "a bad shard"),
        new Event.OperationCancelled(12, "ann", "a slip"),
        new Event.RunFinished("ann", "it is late"));
  }

  public static Event.RunCreated runCreated() {
    var groups = List.of(new RunSpec.Group("a", "lang:en"), new RunSpec.Group("b", "lang:de"));
    var spec = RunSpec.draft(-7, groups, 48, 2_048).unitRows(2).validationShare(1e-3).spec();
    var pinned =
        new Event.PinnedGroup("a", "lang:en", "00ff", "ff00", 1L << 40, Long.MAX_VALUE, 3, 4, null);
    return new Event.RunCreated(Recorded.run(spec), "abcd", List.of(pinned, pinned), 1);
  }

  public static Event.FeedbackPosted feedback(
      int attempt, FeedbackKind kind, long step, int reporter) {
    var groups = new TreeMap<String, RecordedFeedback>();
    for (int i = 0; i < EXTREMES.length; i++)
      groups.put("g" + i, new RecordedFeedback(EXTREMES[i], Long.MAX_VALUE - i, null));
    if (kind != FeedbackKind.ALIGNMENT)
      return new Event.FeedbackPosted(attempt, kind, step, reporter, groups, null);
    var gram = new TreeMap<String, Double>(Map.of("g0", -0.0, "target", Double.MIN_VALUE));
    groups.put("g0", new RecordedFeedback(0, 0, new RecordedFeedback.Alignment(gram, null, 0.1)));
    return new Event.FeedbackPosted(attempt, kind, step, reporter, groups, 3e-4);
  }

  public static Event.StepClosed stepClosed(int attempt, long step) {
    var position =
        new Event.StepPosition(
            EXTREMES, new long[] {Long.MAX_VALUE, 0}, new long[] {Long.MIN_VALUE, -1});
    return new Event.StepClosed(
        attempt, FeedbackKind.TRAIN, step, List.of(0, 2), true, decided(), position);
  }

  public static Event.BoundaryClosed boundaryClosed(int attempt, long step) {
    var position =
        new Event.StepPosition(
            new double[] {0.1, 0.9}, new long[] {step, 1}, new long[] {-(1L << 51), 1L << 51});
    return new Event.BoundaryClosed(attempt, step, true, decided(), position);
  }

  public static Event.Decided decided() {
    return new Event.Decided("odm", 1, -1, EXTREMES, null, Map.of("cumulative", EXTREMES));
  }

  /** The events in their places after {@code from}, at times that follow from their places. */
  public static List<Entry> entries(long from, List<? extends Event> events) {
    var entries = new ArrayList<Entry>();
    for (Event event : events)
      entries.add(new Entry(from + entries.size(), 1_000 + from + entries.size(), event));
    return entries;
  }
}
