package dev.mixwell.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.cli.Program;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.experiment.record.ArmResult;
import dev.mixwell.experiment.record.ExperimentReader;
import dev.mixwell.experiment.record.ExperimentSpec;
import dev.mixwell.experiment.record.InvalidExperiment;
import dev.mixwell.experiment.record.StageResult;
import dev.mixwell.experiment.report.ArmComparison;
import dev.mixwell.launch.SmallServer;
import dev.mixwell.trainer.StepReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small experiment against the real server: to its end, again, and through interruptions. */
@Timeout(180)
class ExperimentTest {
  private static final PrintWriter SILENT = new PrintWriter(Writer.nullWriter());

  private static final Experiment.Origin HERE = new Experiment.Origin("a machine", "a commit");
  private static final String YAML =
      """
      name: small
      corpus: index
      groups: [{name: letters, query: "kind:letters"}, {name: digits, query: "kind:digits"}]
      seeds: [1, 2]
      steps: 12
      model: {layers: 1, width: 16, heads: 2, rowTokens: 16}
      batchRows: 6
      warmupSteps: 2
      learningRate: 0.01
      validationRows: 4
      testRows: 6
      validationShare: 0.2
      evaluateEvery: 4
      lookahead: 3
      arms:
        - {name: stratified, mixer: {name: stratified}}
        - {name: odm, mixer: {name: odm, parameters: {variant: reference}}}
      """;

  @TempDir Path directory;

  private SmallServer server;
  private MixwellClient client;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = SmallServer.start(directory);
    client = new MixwellClient(server.url());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private ExperimentSpec spec(String yaml) throws IOException {
    Path file = directory.resolve("small.yaml");
    Files.writeString(file, yaml);
    return ExperimentReader.read(file);
  }

  private Experiment experiment(String yaml) throws IOException {
    return new Experiment(spec(yaml), directory.resolve("output"));
  }

  private List<String> run(String yaml) throws Exception {
    Experiment experiment = experiment(yaml);
    List<Experiment.Pair> missing = experiment.missing(Set.of());
    try (var progress =
        new ExperimentMeter(said::add, missing.size(), 12L * missing.size(), SILENT)) {
      return experiment.run(client, missing, HERE, progress);
    }
  }

  /** The results' files with their contents. */
  private Map<String, String> files() throws IOException {
    var files = new TreeMap<String, String>();
    try (Stream<Path> found = Files.list(directory.resolve("output/results"))) {
      for (Path file : found.filter(Files::isRegularFile).toList())
        files.put(file.getFileName().toString(), Files.readString(file));
    }
    return files;
  }

  @Test
  void theCommandTellsWhatIsThereAsJson() throws Exception {
    Path file = directory.resolve("small.yaml");
    String yaml = YAML + "output: " + directory.resolve("output") + "\n";
    Files.writeString(file, yaml);
    assertEquals("", command(Program.REFUSED, file));
    run(yaml);
    JsonNode facts = Json.tree(command(Program.DONE, file).getBytes(StandardCharsets.UTF_8));
    assertEquals("small", facts.path("name").asText());
    assertEquals("odm", facts.path("arms").path(1).path("arm").asText());
    assertEquals(2, facts.path("arms").path(1).path("seeds").size());
    assertTrue(facts.path("arms").path(1).path("testPerplexity").asDouble() > 1);
    assertTrue(facts.path("arms").path(1).has("difference"), facts.toString());
    assertTrue(Files.exists(Path.of(facts.path("report").asText())));
  }

  private static String command(int status, Path file) {
    var out = new StringWriter();
    var err = new StringWriter();
    int ended =
        new Program(new ExperimentCommand())
            .writing(new PrintWriter(out), new PrintWriter(err))
            .run("experiment", file.toString(), "--report", "--json");
    assertEquals(status, ended, err.toString());
    return out.toString();
  }

  @Test
  void whatIsFinishedIsNotMadeAgainAndIsPaired() throws Exception {
    assertEquals(List.of(), run(YAML));
    Map<String, String> first = files();
    assertEquals(
        Set.of("stratified-s1.json", "odm-s1.json", "stratified-s2.json", "odm-s2.json"),
        first.keySet());
    assertTrue(
        said.getLast().startsWith("4 of 4: odm, seed 2: average test perplexity"), said::toString);
    assertEquals(List.of(), experiment(YAML).missing(Set.of()));
    assertEquals(List.of(), run(YAML));
    assertEquals(first, files());

    List<ArmResult> results = experiment(YAML).results();
    var comparison = ArmComparison.of(spec(YAML), results);
    assertEquals(List.of(), comparison.unpaired());
    assertEquals(beginning(results, "stratified", 1), beginning(results, "odm", 1));
    assertEquals(beginning(results, "stratified", 2), beginning(results, "odm", 2));
    assertNotEquals(beginning(results, "odm", 1), beginning(results, "odm", 2));
    for (ArmResult result : results) {
      assertEquals(4, result.main().validation().size());
      assertEquals(12, result.main().history().size());
      assertEquals(Set.of("letters", "digits"), result.main().test().keySet());
      assertEquals(result.arm().equals("odm") ? 12 : 0, result.main().mixerTime().folds());
    }
  }

  private static Map<String, Double> beginning(List<ArmResult> results, String arm, long seed) {
    return results.stream()
        .filter(result -> result.arm().equals(arm) && result.seed() == seed)
        .map(result -> result.main().validation().getFirst().losses())
        .findFirst()
        .orElseThrow();
  }

  /** Stops for good within some step. */
  private final class PowerCut extends ExperimentMeter {
    private final int at;
    private int steps;

    PowerCut(int at) {
      super(said::add, 4, 48, SILENT);
      this.at = at;
    }

    @Override
    public void accept(StepReport report) {
      if (++steps == at) throw new IllegalStateException("power cut");
    }
  }

  @Test
  void anInterruptedRunIsBegunAgainUnderAnotherName() throws Exception {
    run(YAML);
    Map<String, Map<String, Double>> whole = tests();
    try (Stream<Path> results = Files.list(directory.resolve("output/results"))) {
      for (Path file : results.filter(Files::isRegularFile).toList()) Files.delete(file);
    }
    Experiment experiment = experiment(YAML);
    List<Experiment.Pair> all = experiment.missing(Set.of());
    assertThrows(
        IllegalStateException.class, () -> experiment.run(client, all, HERE, new PowerCut(18)));
    assertEquals(Set.of("stratified-s1.json"), files().keySet());
    String untouched = files().get("stratified-s1.json");

    assertEquals(List.of(), run(YAML));
    assertEquals(untouched, files().get("stratified-s1.json"));
    assertTrue(files().get("odm-s1.json").contains("\"run\":\"odm-s1-3\""));
    assertTrue(client.run("odm-s1-2").describe().finished());
    assertEquals(whole, tests());
  }

  private Map<String, Map<String, Double>> tests() throws IOException {
    var tests = new TreeMap<String, Map<String, Double>>();
    for (ArmResult result : experiment(YAML).results())
      tests.put(result.arm() + result.seed(), result.main().test());
    return tests;
  }

  private static final String PREPARED =
      """
        - {name: doremi, mixer: {name: doremi}, reference: stratified, thenStatic: true}
        - {name: skill-it, mixer: {name: skill-it, parameters: {updateSteps: 4}}, learnGraph: {steps: 3}}
      """;

  /** The power goes in DoReMi's second run: its first is not made again. */
  @Test
  void armsThatNeedSeveralRunsGoOnAtTheOneThatWasInterrupted() throws Exception {
    String yaml = YAML.replace("[1, 2]", "[1]").replaceFirst("(?m)^  - .name: odm.*\\n", PREPARED);
    Experiment experiment = experiment(yaml);
    List<Experiment.Pair> all = experiment.missing(Set.of());
    assertThrows(
        IllegalStateException.class, () -> experiment.run(client, all, HERE, new PowerCut(30)));
    assertEquals(List.of(), run(yaml));
    List<ArmResult> results = experiment(yaml).results();

    ArmResult doremi = results.get(1);
    assertEquals(
        List.of("doremi-s1-proxy", "doremi-s1-2"),
        doremi.stages().stream().map(StageResult::run).toList());
    assertEquals(doremi.adapted().average(), doremi.main().mixer().parameters().get("weights"));
    assertNotEquals(Map.of("letters", 0.5, "digits", 0.5), doremi.adapted().average());
    assertEquals(24, doremi.stepsInAll());
    var weighed = doremi.adapted().history().getLast();
    assertEquals(List.of(0.5, 0.5), weighed.q(), "it weighs losses, and samples as the reference");
    assertNotEquals(weighed.q(), weighed.p());
    assertEquals(1, weighed.p().getFirst() + weighed.p().getLast(), 1e-12);

    ArmResult skillIt = results.get(2);
    assertEquals(18, skillIt.stepsInAll());
    var graph = (Map<?, ?>) skillIt.main().mixer().parameters().get("graph");
    var lettersAlone = skillIt.stages().getFirst().validation();
    double from = lettersAlone.getFirst().losses().get("digits");
    double to = lettersAlone.getLast().losses().get("digits");
    assertEquals((from - to) / from, ((Map<?, ?>) graph.get("letters")).get("digits"));
    assertEquals(
        List.of(1.0, 0.0), skillIt.stages().getFirst().history().getFirst().q(), "letters alone");
    assertFalse(Files.exists(directory.resolve("output/results/parts/doremi-s1")));
  }

  @Test
  void aMixerThatNeedsAReferenceIsRefusedWithoutOne() throws Exception {
    String more = "  - {name: doremi, mixer: {name: doremi}}\n";
    String message =
        String.valueOf(assertThrows(InvalidExperiment.class, () -> run(YAML + more)).getMessage());
    assertTrue(message.contains("the arm `doremi` needs a `reference`"), message);
  }

  @Test
  void resultsOfOtherConditionsAreNeverMixed() throws Exception {
    run(YAML);
    Experiment changed = experiment(YAML.replace("warmupSteps: 2", "warmupSteps: 3"));
    String message =
        String.valueOf(
            assertThrows(InvalidExperiment.class, () -> changed.missing(Set.of())).getMessage());
    assertTrue(message.contains("`warmupSteps` is 2 there and 3 now"), message);
    var more = "  - {name: odm-paper, mixer: {name: odm}}\n";
    assertEquals(2, experiment(YAML + more).missing(Set.of()).size());
  }

  @Test
  void onlyTheArmsThatAreAskedForAreMadeWithTheirReferences() throws Exception {
    String more = "  - {name: second, mixer: {name: stratified}, reference: odm}\n";
    assertEquals(
        List.of("odm, seed 1", "second, seed 1", "odm, seed 2", "second, seed 2"),
        experiment(YAML + more).missing(Set.of("second")).stream()
            .map(Experiment.Pair::toString)
            .toList());
  }

  @Test
  void aMistakeInAnyArmIsToldBeforeAnythingIsTrained() throws Exception {
    String more = "  - {name: wrong, mixer: {name: odm, parameters: {varant: paper}}}\n";
    String message =
        String.valueOf(assertThrows(InvalidExperiment.class, () -> run(YAML + more)).getMessage());
    assertTrue(message.contains("the arm `wrong`") && message.contains("`variant`"), message);
    String tests =
        String.valueOf(
            assertThrows(
                    InvalidExperiment.class,
                    () -> run(YAML.replace("testRows: 6", "testRows: 6000")))
                .getMessage());
    assertTrue(tests.contains("Raise `validationShare`"), tests);
    assertFalse(Files.exists(directory.resolve("output/results")));
  }
}
