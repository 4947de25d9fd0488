package dev.mixwell.experiment.report;

import dev.mixwell.experiment.record.ArmResult;
import dev.mixwell.experiment.record.ExperimentSpec;
import dev.mixwell.experiment.report.Block.Table.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pages of an experiment: {@code report.md} with pictures in {@code figures/}, and {@code
 * report.html}, which needs no other file. They show what is there and conclude nothing.
 */
public final class Report {
  private static final String FIGURES = "figures";
  private static final String NONE = "–";

  private final ArmComparison comparison;
  private final ExperimentSpec spec;
  private final String yaml;
  private final String command;
  private final boolean complete;

  /**
   * @param comparison of at least one result
   * @param yaml the experiment's file as it is
   * @param command that makes it again
   */
  public Report(ArmComparison comparison, String yaml, String command) {
    this.comparison = comparison;
    this.spec = comparison.spec();
    this.yaml = yaml;
    this.command = command;
    this.complete = comparison.missing().isEmpty();
  }

  /** Writes the pages. */
  public void write(Path directory) throws IOException {
    List<Block> blocks = blocks();
    Path figures = directory.resolve(FIGURES);
    Files.createDirectories(figures);
    for (Block block : blocks)
      if (block instanceof Block.Figure(String name, String title, String svg))
        write(figures.resolve(name), svg);
    write(directory.resolve("report.md"), Markdown.of(blocks, FIGURES));
    write(directory.resolve("report.html"), Html.of("Experiment " + spec.name(), blocks));
  }

  private static void write(Path file, String text) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(partial, text);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  List<Block> blocks() {
    var figures = new Figures(comparison);
    var blocks = new ArrayList<Block>();
    blocks.add(new Block.Heading(1, "Experiment " + spec.name()));
    blocks.addAll(opening());
    blocks.add(new Block.Heading(2, "Test perplexity by arm"));
    blocks.add(arms());
    blocks.add(new Block.Items(legend()));
    blocks.add(new Block.Heading(2, "Test perplexity by group"));
    blocks.add(groups());
    blocks.add(new Block.Heading(2, "Loss over the steps"));
    blocks.addAll(figures.curves());
    blocks.add(new Block.Heading(2, "Cost"));
    blocks.add(costs());
    blocks.add(new Block.Heading(2, "Proportions over the steps"));
    blocks.addAll(figures.proportions());
    blocks.add(new Block.Heading(2, "Conditions"));
    blocks.add(new Block.Items(conditions()));
    blocks.add(new Block.Code("bash", command));
    blocks.add(new Block.Code("yaml", yaml));
    return blocks;
  }

  private List<Block> opening() {
    var opening = new ArrayList<Block>();
    opening.add(
        new Block.Paragraph(
            "%d arms, %d seeds. Every run trains a decoder of %s parameters for %,d steps of %d rows of %d tokens, %,d tokens in all, on %d groups. All runs of a seed begin with the same weights, take the rows of each group in the same order, and are evaluated on the same held-out rows; only the proportions differ."
                .formatted(
                    comparison.rows().size(),
                    spec.seeds().size(),
                    parameters(),
                    spec.steps(),
                    spec.batchRows(),
                    spec.model().rowTokens(),
                    spec.tokens(),
                    spec.groupNames().size())));
    List<String> missing = comparison.missing();
    if (!missing.isEmpty())
      opening.add(
          new Block.Paragraph(
              "Not complete. These are missing: " + String.join("; ", missing) + "."));
    List<Long> unpaired = comparison.unpaired();
    if (!unpaired.isEmpty())
      opening.add(
          new Block.Paragraph(
              "THE PAIRING IS BROKEN for the seeds "
                  + unpaired
                  + ": their runs did not begin with the same validation losses, as they do with the same weights and rows on the same machine."));
    return opening;
  }

  private String parameters() {
    return results()
        .map(result -> "%,d".formatted(result.main().parameters()))
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  private Stream<ArmResult> results() {
    return comparison.rows().stream().flatMap(row -> row.bySeed().values().stream());
  }

  private Block.Table arms() {
    double best =
        comparison.rows().stream().mapToDouble(ArmComparison.Row::perplexity).min().orElse(0);
    var rows = new ArrayList<List<Cell>>();
    for (ArmComparison.Row row : comparison.rows()) {
      boolean baseline = comparison.isBaseline(row);
      rows.add(
          List.of(
              Cell.of(row.arm().name()),
              Cell.of("" + row.bySeed().size()),
              new Cell(number(row.perplexity(), 4), complete && row.perplexity() == best),
              Cell.of(number(row.loss(), 4)),
              Cell.of(baseline ? "baseline" : signed(row.difference())),
              Cell.of(baseline ? NONE : bySeed(row.differences())),
              Cell.of(baseline ? NONE : row.wins() + " : " + row.losses()),
              Cell.of(baseline || row.differences().isEmpty() ? NONE : number(row.p(), 3)),
              Cell.of(baseline ? NONE : unanimity(row)),
              Cell.of(steps(row)),
              Cell.of(number(row.mixerMicrosPerStep(), 1))));
    }
    return new Block.Table(
        List.of(
            "arm",
            "seeds",
            "test perplexity",
            "test loss, nats",
            "difference to " + spec.baseline(),
            "by seed",
            "better : worse",
            "p",
            "same sign",
            "steps to the baseline",
            "mixer, µs a step"),
        rows);
  }

  private List<String> legend() {
    int n = spec.seeds().size();
    return List.of(
        "Test perplexity: of the finished model, on %,d rows of each group that no mixer hears of; the mean over groups of each group's perplexity, then over seeds. Test loss: the mean over groups of the loss."
            .formatted(spec.testRows()),
        "Difference: to the run of %s with the same seed, below 0 is better; its mean, then the difference of each seed (%s) by itself."
            .formatted(spec.baseline(), seeds()),
        "p: the paired sign test over seeds, two-sided and exact. With %d seeds it cannot be below %s, however large the differences are. Same sign: whether every seed says the same."
            .formatted(n, number(PairedSigns.twoSided(n, 0), 3)),
        "Steps to the baseline: when the average perplexity of the validation rows is down to that of the finished %s with the same seed, along straight lines between evaluations, which come every %,d steps; mean over the seeds that get there."
            .formatted(spec.baseline(), spec.evaluateEvery()));
  }

  private String seeds() {
    return spec.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private Block.Table groups() {
    var head = new ArrayList<>(List.of("group"));
    for (ArmComparison.Row row : comparison.rows()) head.add(row.arm().name());
    var rows = new ArrayList<List<Cell>>();
    for (String group : spec.groupNames())
      rows.add(cells(group, comparison.rows().stream().map(row -> row.perplexity(group)).toList()));
    rows.add(
        cells("average", comparison.rows().stream().map(ArmComparison.Row::perplexity).toList()));
    return new Block.Table(head, rows);
  }

  /** The lowest is marked, once all seeds are there. */
  private List<Cell> cells(String name, List<Double> values) {
    double best = values.stream().mapToDouble(value -> value).min().orElse(0);
    var cells = new ArrayList<Cell>();
    cells.add(Cell.of(name));
    for (double value : values) cells.add(new Cell(number(value, 3), complete && value == best));
    return cells;
  }

  private Block.Table costs() {
    var rows = new ArrayList<List<Cell>>();
    for (ArmComparison.Row row : comparison.rows())
      rows.add(
          List.of(
              Cell.of(row.arm().name()),
              Cell.of("%,d".formatted(row.stepsInAll())),
              Cell.of("%,.0f".formatted(row.tokensPerSecond())),
              Cell.of(number(row.trainingSeconds(), 1)),
              Cell.of(number(row.evaluationSeconds(), 1)),
              Cell.of(number(row.mixerMicrosPerStep(), 1))));
    return new Block.Table(
        List.of(
            "arm",
            "steps of all its runs",
            "tokens a second",
            "training, s",
            "evaluation, s",
            "mixer, µs a step"),
        rows);
  }

  private List<String> conditions() {
    var machines = new TreeSet<String>();
    var commits = new TreeSet<String>();
    var devices = new TreeSet<String>();
    results()
        .forEach(
            result -> {
              machines.add(result.made().machine());
              commits.add(result.made().commit());
              devices.add(result.main().device());
            });
    return List.of(
        "Machine: " + String.join("; ", machines) + ". Device: " + String.join("; ", devices) + ".",
        "Commit: " + String.join("; ", commits) + ".",
        "Of each group, %,d held-out rows are validation rows, which mixers hear of where they ask for them and the curves show; the %,d rows after them are for the test alone."
            .formatted(spec.validationRows(), spec.testRows()),
        "Cost: of the run that is compared, mean over seeds, on a machine that does whatever else it does. Steps of all its runs: with those that found a graph or fixed proportions before it; a reference model is an arm of its own.");
  }

  private static String unanimity(ArmComparison.Row row) {
    if (row.differences().isEmpty()) return NONE;
    return row.isUnanimous() ? "in all " + row.differences().size() : "no";
  }

  private static String bySeed(SortedMap<Long, Double> differences) {
    if (differences.isEmpty()) return NONE;
    return differences.values().stream().map(Report::signed).collect(Collectors.joining(", "));
  }

  private static String steps(ArmComparison.Row row) {
    Double steps = row.meanStepsToBaseline();
    if (steps == null) return "not reached";
    String mean = "%,.0f".formatted(steps);
    int reached = row.stepsToBaseline().size();
    return reached == row.bySeed().size()
        ? mean
        : mean + " (in " + reached + " of " + row.bySeed().size() + ")";
  }

  private static String signed(@Nullable Double value) {
    return value == null ? NONE : String.format(Locale.ROOT, "%+.4f", value).replace('-', '−');
  }

  private static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
