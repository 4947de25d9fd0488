package dev.mixwell.experiment.record;

import dev.mixwell.api.RunName;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Nearest;
import dev.mixwell.demo.DemoIndex;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mixers to compare, and under which conditions. Each component is a key of the YAML file; absent
 * ones take the defaults.
 *
 * @param corpus {@code demo} (default), or the directory of an index
 * @param output where results and pages go (default {@code .mixwell/experiments/NAME})
 * @param groups in order (default: those of the demo)
 * @param seeds each is a run of every arm (default 1, 2, 3)
 * @param batchRows rows of a step, B (default 16)
 * @param steps of every run
 * @param learningRate the highest (default 0.003)
 * @param warmupSteps until the highest rate; a cosine follows (default 20)
 * @param validationRows of each group, which mixers hear of and the curves show (default 32)
 * @param testRows of each group, which no mixer hears of (default 128)
 * @param validationShare share of documents held out (default 0.02)
 * @param evaluateEvery steps between two points of the curves (default a twentieth of the steps)
 * @param lookahead L (default 8)
 * @param baseline the arm that the others are compared with (default the first)
 */
public record ExperimentSpec(
    String name,
    String corpus,
    @Nullable String output,
    @Nullable List<RunSpec.Group> groups,
    List<Long> seeds,
    Model model,
    Integer batchRows,
    Integer steps,
    Double learningRate,
    Integer warmupSteps,
    Integer validationRows,
    Integer testRows,
    Double validationShare,
    Integer evaluateEvery,
    Integer lookahead,
    String baseline,
    List<Arm> arms) {
  private static final String DEMO = "demo";

  /**
   * The decoder that every run trains.
   *
   * @param layers (default 2)
   * @param width of the residual stream (default 64)
   * @param heads divide the width (default 4)
   * @param rowTokens T (default 128)
   */
  public record Model(Integer layers, Integer width, Integer heads, Integer rowTokens) {
    public static final Model DEFAULT = new Model(2, 64, 4, 128);

    public Model {
      layers = layers == null ? 2 : layers;
      width = width == null ? 64 : width;
      heads = heads == null ? 4 : heads;
      rowTokens = rowTokens == null ? 128 : rowTokens;
      if (layers < 1 || width < 1 || heads < 1 || rowTokens < 1 || width % heads != 0)
        throw new InvalidExperiment(
            "`model` needs sizes of at least 1, and a width that its heads divide.");
    }
  }

  public ExperimentSpec {
    if (name == null || !RunName.isValid(name)) // a folder's name, as a run's is
    throw new InvalidExperiment("`name` is `" + name + "`; " + RunName.RULE);
    if (steps == null) throw new InvalidExperiment("`steps` is missing: how many each run trains.");
    corpus = corpus == null ? DEMO : corpus;
    seeds = seeds == null ? List.of(1L, 2L, 3L) : List.copyOf(seeds);
    model = model == null ? Model.DEFAULT : model;
    batchRows = batchRows == null ? 16 : batchRows;
    learningRate = learningRate == null ? 3e-3 : learningRate;
    warmupSteps = warmupSteps == null ? 20 : warmupSteps;
    validationRows = validationRows == null ? 32 : validationRows;
    testRows = testRows == null ? 128 : testRows;
    validationShare = validationShare == null ? 0.02 : validationShare;
    evaluateEvery = evaluateEvery == null ? Math.max(1, steps / 20) : evaluateEvery;
    lookahead = lookahead == null ? 8 : lookahead;
    arms = arms == null ? List.of() : List.copyOf(arms);
    if (groups != null) groups = List.copyOf(groups);
    if (groups == null && !corpus.equals(DEMO))
      throw new InvalidExperiment(
          "`groups` is missing: an index of your own needs a list of {name, query}.");
    checkSizes(steps, learningRate, warmupSteps);
    within("validationRows", validationRows, 1);
    within("testRows", testRows, 1);
    within("evaluateEvery", evaluateEvery, 1);
    if (seeds.isEmpty() || new HashSet<>(seeds).size() < seeds.size())
      throw new InvalidExperiment("`seeds` needs at least one, and each only once.");
    checkArms(arms);
    baseline = baseline == null ? arms.getFirst().name() : baseline;
    require(arms, "baseline", baseline);
  }

  public boolean isDemo() {
    return corpus.equals(DEMO);
  }

  public List<RunSpec.Group> mixedGroups() {
    return groups == null ? DemoIndex.groups() : groups;
  }

  public List<String> groupNames() {
    return mixedGroups().stream().map(RunSpec.Group::name).toList();
  }

  public Path directory() {
    return output == null ? Path.of(".mixwell", "experiments", name) : Path.of(output);
  }

  public Arm arm(String named) {
    return require(arms, "arm", named);
  }

  /** Tokens that one run predicts in training. */
  public long tokens() {
    return Math.multiplyExact((long) steps * batchRows, (long) model.rowTokens());
  }

  /** Whether another arm's trainer needs the model that this arm trained. */
  public boolean isReference(Arm arm) {
    return arms.stream().anyMatch(other -> arm.name().equals(other.reference()));
  }

  private static void checkSizes(int steps, double learningRate, int warmupSteps) {
    within("steps", steps, 1);
    within("warmupSteps", warmupSteps, 0);
    if (!(learningRate > 0 && learningRate < 1))
      throw new InvalidExperiment("`learningRate` is " + learningRate + "; use (0, 1).");
  }

  /** A reference stands before the arm that needs it, so that there is no circle. */
  private static void checkArms(List<Arm> arms) {
    if (arms.isEmpty()) throw new InvalidExperiment("`arms` is empty: name a mixer or more.");
    for (int i = 0; i < arms.size(); i++) {
      Arm arm = arms.get(i);
      List<Arm> before = arms.subList(0, i);
      if (before.stream().anyMatch(a -> a.name().equals(arm.name())))
        throw new InvalidExperiment("two arms are named `" + arm.name() + "`.");
      String reference = arm.reference();
      if (reference == null) continue;
      require(arms, "reference", reference);
      if (before.stream().noneMatch(a -> a.name().equals(reference)))
        throw new InvalidExperiment(
            "the arm `" + arm.name() + "` must stand after its reference `" + reference + "`.");
    }
  }

  private static Arm require(List<Arm> arms, String what, String named) {
    for (Arm arm : arms) if (arm.name().equals(named)) return arm;
    String nearest = Nearest.of(named, arms.stream().map(Arm::name).toList());
    throw new InvalidExperiment(
        "`%s` names `%s`, which is no arm; did you mean `%s`?".formatted(what, named, nearest));
  }

  private static void within(String key, int value, int least) {
    if (value < least)
      throw new InvalidExperiment("`" + key + "` is " + value + "; use " + least + " or more.");
  }
}
