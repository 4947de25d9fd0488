package dev.mixwell.mixer.rules;

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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code schedule}: proportions fixed beforehand, by points in time. Before the first point its
 * weights hold, after the last its own; in between either the last point passed decides ({@code
 * step}) or the two on each side, linearly ({@code linear}, default). {@code at} counts steps or
 * tokens (of rows: B x T a step) from the step at which it takes effect. Weights are divided by
 * their sum before they are mixed. It waits for nothing, and takes over at its own proportions.
 */
public final class Schedule implements Mixer {
  private static final int VERSION = 1;

  /** When, in units of {@code stepUnits} a step, and what. */
  private record Point(double at, Phase.Scheduled phase) {}

  private final List<Point> points;
  private final boolean isLinear;
  private final double stepUnits;

  private Schedule(List<Point> points, boolean isLinear, double stepUnits) {
    this.points = points;
    this.isLinear = isLinear;
    this.stepUnits = stepUnits;
  }

  @Override
  public String name() {
    return "schedule";
  }

  @Override
  public int version() {
    return VERSION;
  }

  @Override
  public @Nullable FeedbackKind awaits() {
    return null;
  }

  @Override
  public Decision start(@Nullable Proportions current) {
    return new Decision(MixerState.empty(), scheduled(0).p());
  }

  @Override
  public Decision fold(MixerState before, Observation seen) {
    return new Decision(before, scheduled(seen.t() - 1).p());
  }

  @Override
  public Phase phase(long offset) {
    return scheduled(offset);
  }

  private Phase.Scheduled scheduled(long offset) {
    double now = offset * stepUnits;
    int low = 0; // the last point at or before now, or the first
    int high = points.size();
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (points.get(middle).at <= now) low = middle;
      else high = middle;
    }
    Point last = points.get(low);
    double passed = now - last.at;
    if (!isLinear || passed <= 0 || low == points.size() - 1) return last.phase;
    Point next = points.get(low + 1);
    double part = passed / (next.at - last.at);
    return new Phase.Scheduled(between(last.phase.p(), next.phase.p(), part));
  }

  private static Proportions between(Proportions from, Proportions to, double part) {
    double[] p = new double[from.size()];
    for (int i = 0; i < p.length; i++) p[i] = (1 - part) * from.share(i) + part * to.share(i);
    return Proportions.of(p);
  }

  /** Reads the parameters. */
  public static final class Factory implements MixerFactory {
    private static final int MOST_POINTS = 1_024;
    private static final long MOST_AT = 1L << 53; // the integers that a double holds

    @Override
    public String name() {
      return "schedule";
    }

    /**
     * What each says:
     *
     * <ul>
     *   <li>{@code points}: when which proportions hold: a list of {@code at}, in ascending order,
     *       and {@code weights} by group;
     *   <li>{@code interpolation}: what holds between two points: {@code step} is the earlier one,
     *       {@code linear} lies between them;
     *   <li>{@code unit}: what {@code at} counts from the step at which the schedule takes effect.
     * </ul>
     */
    @Override
    public List<String> parameters() {
      return List.of("points", "interpolation", "unit");
    }

    @Override
    public Mixer create(Parameters given, MixerContext context) {
      boolean isLinear =
          given.choice("interpolation", "linear", List.of("linear", "step")).equals("linear");
      boolean isSteps = given.choice("unit", "steps", List.of("steps", "tokens")).equals("steps");
      return new Schedule(points(given, context), isLinear, isSteps ? 1 : context.stepTokens());
    }

    private static List<Point> points(Parameters given, MixerContext context) {
      List<Parameters> list = given.objects("points", List.of("at", "weights"), MOST_POINTS);
      var points = new ArrayList<Point>(list.size());
      for (Parameters point : list) {
        if (!point.has("at")) throw point.refusal("at", "a whole number is expected");
        double at = point.count("at", 0, 0, MOST_AT);
        if (!points.isEmpty() && at <= points.getLast().at)
          throw point.refusal("at", "more than that of the point before it is expected");
        var p = Proportions.normalised(point.weights("weights", context.groups()));
        points.add(new Point(at, new Phase.Scheduled(p)));
      }
      return List.copyOf(points);
    }
  }
}
