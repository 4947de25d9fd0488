package dev.mixwell.fold;

import dev.mixwell.api.GroupAlignment;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.OverridesChange;
import dev.mixwell.api.RunSpec;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.RecordedFeedback;
import dev.mixwell.timeline.RecordedMixer;
import dev.mixwell.timeline.RecordedRun;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for as the log records it, and back as answers tell it. Neither way refuses
 * anything.
 */
public final class Recorded {
  private Recorded() {}

  // ---- to the log

  public static RecordedRun run(RunSpec asked) {
    return new RecordedRun(
        asked.seed(),
        asked.groups().stream().map(g -> new RecordedRun.Group(g.name(), g.query())).toList(),
        asked.batchRows(),
        asked.rowTokens(),
        asked.unitRows(),
        asked.composition(),
        mixer(asked.mixer()),
        asked.lookahead(),
        asked.issueAhead(),
        new RecordedRun.Exhausted(asked.exhausted().policy(), asked.exhausted().epochs()),
        asked.reporters(),
        new RecordedRun.Closing(asked.closing().policy(), asked.closing().afterMillis()),
        asked.validationRows(),
        asked.validationShare(),
        asked.evaluateEvery(),
        new RecordedRun.Limits(asked.limits().floor(), asked.limits().maxChange()),
        asked.packing());
  }

  public static RecordedMixer mixer(MixerSpec asked) {
    return new RecordedMixer(asked.name(), asked.parameters());
  }

  /** A sum of -0.0 is recorded as 0.0: the two are one number. */
  public static SortedMap<String, RecordedFeedback> feedback(Map<String, GroupFeedback> posted) {
    var groups = new TreeMap<String, RecordedFeedback>();
    posted.forEach(
        (name, seen) ->
            groups.put(
                name,
                new RecordedFeedback(
                    seen.lossSum() + 0.0, seen.tokens(), alignment(seen.alignment()))));
    return groups;
  }

  private static RecordedFeedback.@Nullable Alignment alignment(@Nullable GroupAlignment posted) {
    return posted == null
        ? null
        : new RecordedFeedback.Alignment(posted.gram(), posted.score(), posted.norm());
  }

  public static SortedMap<String, Event.Clamp> clamps(Map<String, OverridesChange.Clamp> asked) {
    var clamps = new TreeMap<String, Event.Clamp>();
    asked.forEach((group, clamp) -> clamps.put(group, new Event.Clamp(clamp.min(), clamp.max())));
    return clamps;
  }

  // ---- from the log

  public static RunSpec spec(RecordedRun run) {
    return new RunSpec(
        run.seed(),
        run.groups().stream().map(g -> new RunSpec.Group(g.name(), g.query())).toList(),
        run.batchRows(),
        run.rowTokens(),
        run.unitRows(),
        run.composition(),
        mixerSpec(run.mixer()),
        run.lookahead(),
        run.issueAhead(),
        new RunSpec.Exhausted(run.exhausted().policy(), run.exhausted().epochs()),
        run.reporters(),
        new RunSpec.Closing(run.closing().policy(), run.closing().afterMillis()),
        run.validationRows(),
        run.validationShare(),
        run.evaluateEvery(),
        new RunSpec.Limits(run.limits().floor(), run.limits().maxChange()),
        run.packing());
  }

  public static MixerSpec mixerSpec(RecordedMixer mixer) {
    return new MixerSpec(mixer.name(), mixer.parameters());
  }

  public static SortedMap<String, GroupFeedback> groupFeedback(
      Map<String, RecordedFeedback> recorded) {
    var groups = new TreeMap<String, GroupFeedback>();
    recorded.forEach(
        (name, seen) ->
            groups.put(
                name,
                new GroupFeedback(
                    seen.lossSum(), seen.tokens(), groupAlignment(seen.alignment()))));
    return groups;
  }

  private static @Nullable GroupAlignment groupAlignment(
      RecordedFeedback.@Nullable Alignment recorded) {
    return recorded == null
        ? null
        : new GroupAlignment(recorded.gram(), recorded.score(), recorded.norm());
  }

  public static SortedMap<String, OverridesChange.Clamp> overridesClamps(
      Map<String, Event.Clamp> recorded) {
    var clamps = new TreeMap<String, OverridesChange.Clamp>();
    recorded.forEach(
        (group, clamp) -> clamps.put(group, new OverridesChange.Clamp(clamp.min(), clamp.max())));
    return clamps;
  }
}
