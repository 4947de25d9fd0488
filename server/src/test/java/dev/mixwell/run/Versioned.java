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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code test-versioned}: after its first close it favours the group with its version's number, so
 * that two versions decide differently. With {@code starts} they start differently, too; with
 * {@code validates} it goes by validation losses, every fourth step.
 */
public final class Versioned implements MixerFactory {
  /** What the code is at: a test upgrades it between two openings of a run, and puts 1 back. */
  public static volatile int present = 1;

  @Override
  public String name() {
    return "test-versioned";
  }

  @Override
  public List<String> parameters() {
    return List.of("starts", "validates");
  }

  @Override
  public Mixer create(Parameters parameters, MixerContext context) {
    return new Rule(
        context.size(),
        present,
        parameters.count("starts", 0, 0, 1) == 1,
        parameters.count("validates", 0, 0, 1) == 1);
  }

  private record Rule(int groups, int version, boolean starts, boolean validates) implements Mixer {
    private static final long PERIOD = 4;

    @Override
    public String name() {
      return "test-versioned";
    }

    @Override
    public FeedbackKind awaits() {
      return validates ? FeedbackKind.VALIDATION : FeedbackKind.TRAIN;
    }

    @Override
    public Phase phase(long offset) {
      return validates ? new Phase.AfterBoundary(offset - offset % PERIOD) : new Phase.Online();
    }

    @Override
    public boolean isBoundary(long offset) {
      return validates && offset % PERIOD == 0;
    }

    @Override
    public Decision start(@Nullable Proportions current) {
      Proportions own = starts ? favoured() : Proportions.uniform(groups);
      return new Decision(
          MixerState.of(Map.of("closes", new double[] {0})), current == null ? own : current, null);
    }

    @Override
    public Decision fold(MixerState before, Observation seen) {
      double closes = before.toMap().get("closes")[0] + 1;
      return new Decision(MixerState.of(Map.of("closes", new double[] {closes})), favoured(), null);
    }

    private Proportions favoured() {
      double[] weights = new double[groups];
      for (int i = 0; i < groups; i++)
        weights[i] = i == version % groups ? 0.75 : 0.25 / (groups - 1);
      return Proportions.of(weights);
    }
  }
}
