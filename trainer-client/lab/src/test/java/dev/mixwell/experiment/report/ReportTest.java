package dev.mixwell.experiment.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.experiment.record.Arm;
import dev.mixwell.experiment.record.ArmResult;
import dev.mixwell.experiment.record.Conditions;
import dev.mixwell.experiment.record.ExperimentSpec;
import dev.mixwell.experiment.record.MixerTime;
import dev.mixwell.experiment.record.Stage;
import dev.mixwell.experiment.record.StageResult;
import dev.mixwell.trainer.TrainReport.Evaluation;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
  private static final String YAML = "name: x # <b>&amp; ``` </script> | *";

  @TempDir Path directory;

  private static ExperimentSpec spec(String... arms) {
    var listed = new ArrayList<Arm>();
    for (String arm : arms)
      listed.add(new Arm(arm, new MixerSpec("odm", Map.of()), null, false, null));
    return new ExperimentSpec(
        "x",
        "index",
        null,
        List.of(new RunSpec.Group("a", "k:a"), new RunSpec.Group("b", "k:b")),
        List.of(1L, 2L, 3L),
        ExperimentSpec.Model.DEFAULT,
        4,
        10,
        1e-3,
        0,
        4,
        4,
        0.1,
        5,
        2,
        arms[0],
        listed);
  }

  /** Both groups end at a perplexity, and begin at 100. */
  private static ArmResult result(ExperimentSpec spec, String arm, long seed, double perplexity) {
    Map<String, Double> end = Map.of("a", Math.log(perplexity), "b", Math.log(perplexity));
    Map<String, Double> start = Map.of("a", Math.log(100), "b", Math.log(100));
    var history =
        IntStream.range(0, 10)
            .mapToObj(
                step -> new StageResult.Shares(step, List.of(0.25, 0.75), List.of(0.25, 0.75)))
            .toList();
    var stage =
        new StageResult(
            arm + "-s" + seed,
            Stage.Role.MAIN,
            new MixerSpec("odm", Map.of()),
            10,
            5120,
            "cpu()",
            1_000,
            2,
            0.5,
            new MixerTime(10, 1e-4),
            List.of(new Evaluation(0, start), new Evaluation(10, end)),
            end,
            null,
            history);
    var conditions = Conditions.of(spec, spec.arm(arm));
    return new ArmResult(conditions, seed, List.of(stage), new ArmResult.Made("m", "c", "t"));
  }

  private static ArmComparison comparison() {
    ExperimentSpec spec = spec("base", "better", "mixed", "never");
    var results = new ArrayList<ArmResult>();
    for (long seed = 1; seed <= 3; seed++) {
      results.add(result(spec, "base", seed, 20 + seed));
      results.add(result(spec, "better", seed, 18 + seed));
      results.add(result(spec, "mixed", seed, 22));
      if (seed == 1) results.add(result(spec, "never", seed, 40));
    }
    return ArmComparison.of(spec, results);
  }

  @Test
  void differencesArePairedBySeed() {
    ArmComparison comparison = comparison();
    ArmComparison.Row better = comparison.rows().get(1);
    assertEquals(-2, better.difference(), 1e-9);
    assertEquals(List.of(3, 0), List.of(better.wins(), better.losses()));
    assertEquals(0.25, better.p());
    assertTrue(better.isUnanimous());
    assertEquals(20, better.perplexity(), 1e-9);
    assertEquals(10, better.mixerMicrosPerStep(), 1e-9);
    assertEquals(2560, better.tokensPerSecond(), 1e-9);
    ArmComparison.Row mixed = comparison.rows().get(2);
    assertEquals(0, mixed.difference(), 1e-9);
    assertFalse(mixed.isUnanimous());
    ArmComparison.Row never = comparison.rows().get(3);
    assertEquals(1, never.differences().size());
    assertEquals(null, never.meanStepsToBaseline());
    assertEquals(List.of("never with seed 2", "never with seed 3"), comparison.missing());
  }

  /** From 100 to 19 in 10 steps, the baseline's 21 of seed 1 is passed at 10 (100 - 21) / 81. */
  @Test
  void stepsToTheBaselineAreOfTheSameSeed() {
    ArmComparison.Row better = comparison().rows().get(1);
    assertEquals(790.0 / 81, better.stepsToBaseline().get(1L), 1e-9);
    assertEquals(780.0 / 80, better.stepsToBaseline().get(2L), 1e-9);
  }

  @Test
  void otherBeginningsBreakThePairing() {
    ExperimentSpec spec = spec("base", "odd");
    assertEquals(List.of(), ArmComparison.of(spec, List.of(result(spec, "base", 1, 9))).unpaired());
    ArmResult odd = result(spec, "odd", 1, 9);
    StageResult main = odd.main();
    var begun = new Evaluation(0, Map.of("a", 4.0, "b", 4.0));
    var moved =
        new StageResult(
            main.run(),
            main.role(),
            main.mixer(),
            main.steps(),
            main.tokens(),
            main.device(),
            main.parameters(),
            main.trainingSeconds(),
            main.evaluationSeconds(),
            main.mixerTime(),
            List.of(begun, main.validation().getLast()),
            main.test(),
            null,
            main.history());
    var results =
        List.of(
            result(spec, "base", 1, 9),
            new ArmResult(odd.conditions(), 1, List.of(moved), odd.made()));
    var comparison = ArmComparison.of(spec, results);
    assertEquals(List.of(1L), comparison.unpaired());
    assertTrue(
        Markdown.of(new Report(comparison, YAML, "run").blocks(), "figures")
            .contains("THE PAIRING IS BROKEN for the seeds \\[1\\]"));
  }

  @Test
  void bothPagesShowEveryArmAndTheFile() throws Exception {
    new Report(comparison(), YAML, "./mixwell experiment x.yaml").write(directory);
    String markdown = Files.readString(directory.resolve("report.md"));
    Document html = parsed(Files.readString(directory.resolve("report.html")));
    String text = html.getDocumentElement().getTextContent();
    for (String arm : List.of("base", "better", "mixed", "never")) {
      assertTrue(markdown.contains("| " + arm + " | "), markdown);
      assertTrue(text.contains(arm + ": proportions by step, seed 1"), arm);
    }
    assertTrue(
        markdown.contains("| −2.0000 | −2.0000, −2.0000, −2.0000 | 3 : 0 | 0.250 | in all 3 |"),
        markdown);
    assertTrue(markdown.contains("never with seed 2; never with seed 3"), markdown);
    assertTrue(markdown.contains(YAML) && text.contains(YAML));
    assertTrue(text.contains("Machine: m. Device: cpu()."), text);
  }

  @Test
  void everyPictureOfTheMarkdownIsThereAndReadable() throws Exception {
    new Report(comparison(), YAML, "run").write(directory);
    var links =
        Pattern.compile("!\\[[^]]*\\]\\(([^)]+)\\)")
            .matcher(Files.readString(directory.resolve("report.md")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertEquals(6, links.size());
    for (String link : links) parsed(Files.readString(directory.resolve(link)));
  }

  @Test
  void thePageOfHtmlIsWellFormedAndNeedsNothingElse() throws Exception {
    new Report(comparison(), YAML, "run").write(directory);
    String html = Files.readString(directory.resolve("report.html"));
    assertEquals(6, parsed(html).getElementsByTagName("svg").getLength());
    assertEquals(0, parsed(html).getElementsByTagName("script").getLength());
    assertFalse(
        html.matches("(?s).*(src=|href=|url\\(|@import|<link|<img|<script).*"), "refers to a file");
    assertFalse(html.contains("{{"), "a hole in the frame is not filled");
  }

  private static Document parsed(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
