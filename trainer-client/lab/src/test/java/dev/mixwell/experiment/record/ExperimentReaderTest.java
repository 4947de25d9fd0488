package dev.mixwell.experiment.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.experiment.ArmRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentReaderTest {
  private static final String SHORTEST =
      """
      name: first
      steps: 200
      arms:
        - {name: stratified, mixer: {name: stratified}}
        - {name: odm, mixer: {name: odm, parameters: {variant: reference}}}
      """;

  @TempDir Path directory;

  private ExperimentSpec read(String yaml) throws IOException {
    Path file = directory.resolve("x.yaml");
    Files.writeString(file, yaml);
    return ExperimentReader.read(file);
  }

  private String refusal(String yaml) {
    return String.valueOf(
        assertThrows(InvalidExperiment.class, () -> read(yaml), yaml).getMessage());
  }

  @Test
  void theShortestFileHasDefaultsForTheRest() throws IOException {
    ExperimentSpec spec = read(SHORTEST);
    assertEquals(List.of(1L, 2L, 3L), spec.seeds());
    assertEquals("stratified", spec.baseline());
    assertEquals(8, spec.mixedGroups().size());
    assertEquals(10, spec.evaluateEvery());
    assertEquals(Path.of(".mixwell/experiments/first"), spec.directory());
    assertEquals("reference", spec.arms().getLast().mixer().parameters().get("variant"));
    assertEquals(200L * 16 * 128, spec.tokens());
  }

  @Test
  void armsThatNeedMoreThanARunSaySo() throws IOException {
    ExperimentSpec spec =
        read(
            SHORTEST
                + """
                  - {name: doremi, mixer: {name: doremi}, reference: stratified, thenStatic: true}
                  - {name: skill-it, mixer: {name: skill-it}, learnGraph: {steps: 25}}
                """);
    assertTrue(spec.isReference(spec.arm("stratified")));
    assertEquals(200, ArmRunner.steps(spec, spec.arm("odm")));
    assertEquals(400, ArmRunner.steps(spec, spec.arm("doremi")));
    assertEquals(400, ArmRunner.steps(spec, spec.arm("skill-it")));
    assertNotNull(spec.arm("skill-it").learnGraph());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "step: 5 | there is no key `step`; the nearest is `steps` | x.yaml",
        "seed: [1] | there is no key `seed`; the nearest is `seeds` | Known are: arms",
        "model: {layer: 2} | there is no key `model.layer`; the nearest is `layers` | x.yaml",
        "name: again | Duplicate field 'name' | line 6",
        "seeds: [1, 1] | `seeds` needs at least one, and each only once | x.yaml",
        "model: {layers: 1, width: 30, heads: 4, rowTokens: 8} | heads divide | line 6",
        "baseline: stratifed | `baseline` names `stratifed`, which is no arm; did you mean `stratified` | x.yaml",
        "batchRows: 2.5 | `batchRows` is not as expected | line 6",
        "learningRate: 3 | `learningRate` is 3.0; use (0, 1) | x.yaml",
        "testRows: 0 | `testRows` is 0; use 1 or more | x.yaml",
        "corpus: somewhere | `groups` is missing | x.yaml",
      })
  void aMistakeIsNamedWithItsPlace(String line, String what, String place) {
    String message = refusal(SHORTEST + line + "\n");
    assertTrue(message.contains(what) && message.contains(place), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: odm, mixer: {name: odm}} | two arms are named `odm`",
        "{name: a b, mixer: {name: odm}} | an arm is named `a b`",
        "{name: x} | the arm `x` has no `mixer`",
        "{name: x, mixer: {}} | The mixer has no `name`",
        "{name: x, mixer: {name: odm}, reference: y} | `reference` names `y`, which is no arm",
        "{name: x, mixer: {name: odm}, reference: x} | must stand after its reference",
        "{name: x, mixer: {name: odm}, learnGraph: {steps: 0}} | `learnGraph.steps` is 0",
        "{name: x, mixer: {name: s, parameters: {graph: 1}}, learnGraph: {steps: 1}} | leave one of them out",
        "{name: x, mixer: {name: odm}, thenstatic: true} | the nearest is `thenStatic`",
      })
  void aMistakeInAnArmIsNamed(String arm, String what) {
    String message = refusal(SHORTEST + "  - " + arm + "\n");
    assertTrue(message.contains(what), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1, 2]", "name: x\nsteps: 5\n", "name: [", "steps: 5\narms: []"})
  void aFileWithoutAnExperimentIsRefused(String yaml) {
    assertTrue(refusal(yaml).startsWith(directory.resolve("x.yaml").toString()), yaml);
  }

  @Test
  void stepsAreNotOptional() {
    String message = refusal(SHORTEST.replace("steps: 200\n", ""));
    assertTrue(message.contains("`steps` is missing"), message);
  }

  @Test
  void aFileThatIsNotThereIsSaidToBeSo() {
    Path file = directory.resolve("none.yaml");
    var refusal = assertThrows(InvalidExperiment.class, () -> ExperimentReader.read(file));
    assertEquals(
        file + " cannot be read: there is no such file or folder. Check the path.",
        refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu.yaml", "gpu.yaml"})
  void theExperimentsThatComeWithMixwellCanBeRead(String name) {
    ExperimentSpec spec = ExperimentReader.read(Path.of("experiments", name));
    assertEquals(name, spec.name() + ".yaml");
    assertEquals("stratified", spec.baseline());
    assertEquals(3, spec.seeds().size());
  }
}
