package dev.mixwell.simulate;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunLimits;
import dev.mixwell.api.RunSpec;
import dev.mixwell.fold.Recorded;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.run.Run;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.MemoryTimelineStore;
import dev.mixwell.timeline.TimelineStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One run of one mixer in one world: a trainer in virtual time, and the run that a server would
 * have, over a timeline in memory. One thread.
 */
final class Simulation {
  private final MemoryTimelineStore timeline = new MemoryTimelineStore();
  private final SyntheticModel model;
  private final Run run;
  private final SyntheticTrainer trainer;

  /**
   * @throws dev.mixwell.base.Refusal {@code invalid-mixer} or {@code invalid-run}
   */
  Simulation(World world, MixerSpec mixer, Setting setting, long seed) {
    RunSpec spec = setting.run(world, mixer, seed);
    RunLimits.check(spec);
    var clock = new VirtualClock();
    timeline.append(List.of(new Entry(0, clock.getAsLong(), created(world, spec))));
    model = new SyntheticModel(world);
    run = Run.inline("simulated", timeline, clock);
    var observer = new Observer(world, spec, model, reference(world, setting));
    trainer = new SyntheticTrainer(run, setting.habits(), clock, observer);
  }

  private static Event.RunCreated created(World world, RunSpec spec) {
    var pinned = new ArrayList<Event.PinnedGroup>();
    for (int i = 0; i < world.size(); i++) {
      RunSpec.Group g = spec.groups().get(i);
      long tokens = world.groups().get(i).tokens();
      long rows = tokens / spec.rowTokens();
      pinned.add(
          new Event.PinnedGroup(
              g.name(), g.query(), "", "", rows, tokens, rows, spec.validationRows(), null));
    }
    int version = Mixers.create(spec.mixer(), context(world, spec)).version();
    return new Event.RunCreated(Recorded.run(spec), "", pinned, version);
  }

  private static MixerContext context(World world, RunSpec spec) {
    long[] tokens = new long[world.size()];
    for (int i = 0; i < tokens.length; i++) tokens[i] = world.groups().get(i).tokens();
    return MixerContext.of(spec, tokens);
  }

  /** A model trained on even shares for half as long. */
  private static SyntheticModel reference(World world, Setting setting) {
    double[] tokens = new double[world.size()];
    Arrays.fill(tokens, 0.5 * setting.tokens() / world.size());
    var reference = new SyntheticModel(world);
    reference.train(tokens);
    return reference;
  }

  SyntheticTrainer trainer() {
    return trainer;
  }

  SyntheticModel model() {
    return model;
  }

  Run run() {
    return run;
  }

  TimelineStore timeline() {
    return timeline;
  }
}
