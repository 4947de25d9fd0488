package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.MixerState;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Parameters;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code test-probing}: Aioli's schedule without its arithmetic. Each round of {@code round} steps
 * begins with one segment of {@code segment} steps for every group, between boundaries at which
 * validation is awaited; the last boundary decides the rest of the round. Its state is a hash of
 * all it was given, so that any feedback lost, repeated or misrouted shows. {@code fails} makes it
 * throw an Error, as a mixer of somebody's may.
 */
public final class Probing implements MixerFactory {
  static final long NEVER = 0;
  static final long WHEN_MADE = 1;
  static final long WHEN_STARTED = 2;

  /** But for the first time. */
  static final long WHEN_FOLDED = 3;

  @Override
  public String name() {
    return "test-probing";
  }

  @Override
  public List<String> parameters() {
    return List.of("segment", "round", "fails");
  }

  @Override
  public Mixer create(Parameters parameters, MixerContext context) {
    long segment = parameters.count("segment", 1, 1, 1_000);
    long probes = segment * context.size();
    long round = parameters.count("round", probes + 2, probes + 1, 100_000);
    long fails = parameters.count("fails", NEVER, NEVER, WHEN_FOLDED);
    fail(fails == WHEN_MADE);
    return new Schedule(context.size(), segment, round, fails);
  }

  private static void fail(boolean isTime) {
    if (isTime) throw new LinkageError("a mixer of somebody's fails");
  }

  private record Schedule(int groups, long segment, long round, long fails) implements Mixer {
    @Override
    public String name() {
      return "test-probing";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public FeedbackKind awaits() {
      return FeedbackKind.VALIDATION;
    }

    private long probes() {
      return segment * groups;
    }

    @Override
    public Phase phase(long offset) {
      long inRound = offset % round;
      long start = offset - inRound;
      if (inRound >= probes()) return new Phase.AfterBoundary(start + probes());
      double[] weights = new double[groups];
      for (int i = 0; i < groups; i++) weights[i] = inRound / segment == i ? 15 : 3;
      return new Phase.Probe(Proportions.normalised(weights), inRound % segment == 0, start);
    }

    @Override
    public boolean isBoundary(long offset) {
      long inRound = offset % round;
      return inRound % segment == 0 && inRound <= probes();
    }

    @Override
    public Decision start(@Nullable Proportions current) {
      fail(fails == WHEN_STARTED);
      Proportions p = current == null ? Proportions.uniform(groups) : current;
      return new Decision(MixerState.empty().with("hash", 0), p);
    }

    @Override
    public Decision fold(MixerState before, Observation seen) {
      fail(fails == WHEN_FOLDED && seen.t() > 1);
      double[] lossSum = seen.lossSum();
      long[] tokens = seen.tokens();
      long hash = Sim.hash(Double.doubleToLongBits(before.scalar("hash")), seen.t());
      for (int i = 0; i < groups; i++)
        hash =
            Sim.hash(
                hash,
                Double.doubleToLongBits(seen.q().share(i)),
                Double.doubleToLongBits(lossSum[i]),
                tokens[i]);
      double[] weights = new double[groups];
      for (int i = 0; i < groups; i++) weights[i] = 1 + Math.floorMod(hash >> (9 * i), 90);
      return new Decision(
          before.with("hash", (double) (hash >>> 12)), Proportions.normalised(weights));
    }
  }
}
