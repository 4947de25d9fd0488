package dev.mixwell.verify.mixers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.cli.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyMixersCommandTest {
  private static final String FORM =
      "{\"method\":\"%s\",\"case\":\"C\",\"tolerance\":1e-10,\"config\":{\"m\":2},\"events\":[%s]}";

  /** A file, and what is said of it. */
  private static final String[][] UNREADABLE = {
    {"{", "not as expected"},
    {"[]", "no fields"},
    {"{}", "events"},
    {FORM.formatted("MYSTERY", "{}"), "no mixer for this method"},
    {FORM.formatted("ODM/mystery", "{}"), "`variant`"},
    {
      FORM.formatted("ODM/paper", "{\"groups\":[2],\"mean_loss\":[1],\"expected\":{}}"),
      "no group 2"
    },
    {
      FORM.formatted("ODM/paper", "{\"groups\":[0],\"mean_loss\":[1,2],\"expected\":{}}"),
      "a loss for each"
    },
    {
      FORM.formatted("ODM/paper", "{\"groups\":[0],\"mean_loss\":[\"x\"],\"expected\":{}}"),
      "no number"
    },
    {
      FORM.formatted("ODM/paper", "{\"groups\":[0],\"mean_loss\":[1],\"expected\":{}}"),
      "nothing in it could be compared"
    },
    {FORM.formatted("DOREMI/mystery", "{}"), "`variant`"},
    {
      FORM.formatted("DOREMI/paper", "{\"clipped_token_mean_excess\":[1],\"expected\":{}}"),
      "no array of 2"
    },
    {
      FORM.formatted(
          "DOREMI/aioli-repo", "{\"train_loss\":[1,2],\"ref_loss\":[1,null],\"expected\":{}}"),
      "one loss of two"
    },
    {
      FORM.formatted(
          "DOGE", "{\"lr\":1,\"gram_train_x_target\":[[1,2]],\"train_grad_norms\":[1,1]}"),
      "has 1 rows"
    },
    {
      FORM.formatted(
          "DOGE", "{\"lr\":1,\"gram_train_x_target\":[[1],[2]],\"train_grad_norms\":[1,1]}"),
      "has 1 numbers where 2 are expected"
    },
    {
      FORM.formatted(
          "SKILL-IT", "{\"val_losses_since_last_update\":[{\"val_loss\":[1]}],\"expected\":{}}"),
      "no array of 2"
    },
    {FORM.formatted("SKILL-IT", "{}").replace("{\"m\":2}", "{\"m\":2,\"window\":0}"), "`window`"},
    {
      FORM.formatted("STATIC", "{\"weights\":[-1,2],\"expected\":{\"proportions\":[0,1]}}"),
      "group-0"
    },
  };

  /** A file, what stands in it, and what would be wrong. */
  private static final String[][] CHANGES = {
    {"ODM-14.json", "\"alpha\": 0.5", "\"alpha\": 0.6"},
    {"ODM-14.json", "\"warmup_steps\": 10", "\"warmup_steps\": 11"},
    {"ODM-14.json", "\"variant\": \"paper\"", "\"variant\": \"smoothed_mean\""},
    {"ODM-2.json", "\"update_frequency\": 1", "\"update_frequency\": 2"},
    {"ODM-2.json", "\"smoothing_factor\": 0.9", "\"smoothing_factor\": 0.8"},
    {"ODM-6.json", "\"update\": \"single\"", "\"update\": \"group\""},
    {"ODM-9.json", "\"reward_divisor\": 10", "\"reward_divisor\": 9"},
    {"ODM-1.json", "\"initial_proportions\": [0.3, 0.7]", "\"initial_proportions\": [0.4, 0.6]"},
    {"ADO-1.json", "\"start_step\": 10", "\"start_step\": 30"},
    {"ADO-1.json", "\"update_interval\": 20", "\"update_interval\": 40"},
    {"ADO-1.json", "\"task_token_count\": [3.0, 7.0]", "\"task_token_count\": [3.0, 8.0]"},
    {"ADO-1.json", "\"use_same_step_size\": true", "\"use_same_step_size\": false"},
    {"ADO-1.json", "\"gamma_history\": 0.9", "\"gamma_history\": 0.8"},
    {"ADO-1.json", "\"s\": 0.5", "\"s\": 0.6"},
    {"ADO-1.json", "\"blend_p_avg\": 0.9", "\"blend_p_avg\": 0.8"},
    {"ADO-1.json", "\"blend_rho\": 0.1", "\"blend_rho\": 0.2"},
    {"ADO-5.json", "\"min_prob\": 0.01", "\"min_prob\": 0.02"},
    {"ADO-3.json", "\"expnt_floor\": 0.05", "\"expnt_floor\": 0.04"},
    {"ADO-1.json", "\"m\": 2", "\"m\": 3"},
    {"ADO-1.json", "\"m\": 2", "\"m\": 2, \"kernel\": 1"},
    {"ADO-FIT-1.json", "\"huber_delta\": 0.001", "\"huber_delta\": 0.002"},
    {"ADO-FIT-1.json", "\"savgol_window\": 101", "\"savgol_window\": 99"},
    {"ADO-FIT-1.json", "\"savgol_poly\": 3", "\"savgol_poly\": 2"},
    {"ADO-FIT-1.json", "\"stride\": 10", "\"stride\": 9"},
    {"ADO-FIT-1.json", "\"ignore_steps\": 50", "\"ignore_steps\": 60"},
    {"DOREMI-1.json", "\"eta\": 1.0", "\"eta\": 1.1"},
    {"DOREMI-1.json", "\"eps\": 0.001", "\"eps\": 0.002"},
    {"DOREMI-1.json", "initial_proportions\": [0.5, 0.5]", "initial_proportions\": [0.4, 0.6]"},
    {"DOREMI-5.json", "\"initial_scores\": 10.8", "\"initial_scores\": 9.8"},
    {"DOREMI-5.json", "counts the initial weights as sample 1", "has initial weights excluded"},
    {"DOREMI-7.json", "\"c\": 0.001", "\"c\": 0.002"},
    {"DOREMI-7.json", "DOREMI/paper", "DOREMI/reference"},
    {"DOREMI-7.json", "\"absent_group_score\": 0", "\"absent_group_score\": 1"},
    {"DOREMI-13.json", "\"initial_scores\": 1e-06", "\"initial_scores\": 1e-02"},
    {"DOREMI-11.json", "DOREMI/aioli-repo", "DOREMI/reference"},
    {"DOGE-1.json", "\"mu\": 0.01", "\"mu\": 0.02"},
    {"DOGE-1.json", "\"dw_min\": 0.0", "\"dw_min\": 1.0"},
    {"DOGE-1.json", "\"dw_max\": 5.0", "\"dw_max\": 2.0"},
    {"DOGE-1.json", "\"reweight_eps\": 0.0", "\"reweight_eps\": 0.1"},
    {"DOGE-1.json", "\"leave_one_out\": false", "\"leave_one_out\": true"},
    {"DOGE-1.json", "\"target_size\": 2", "\"target_size\": 3"},
    {"DOGE-1.json", "initial_proportions\": [0.5, 0.5]", "initial_proportions\": [0.4, 0.6]"},
    {"DOGE-8.json", "\"target_ids\": [0, 1, 2]", "\"target_ids\": [1, 2, 0]"},
    {"SKILLIT-1.json", "\"eta\": 0.2", "\"eta\": 0.3"},
    {"SKILLIT-1.json", "\"window\": 3", "\"window\": 2"},
    {"SKILLIT-1.json", "\"window\": 3", "\"window\": null"},
    {"SKILLIT-1.json", "0.1870351275510084", "0.2870351275510084"},
    {"SKILLIT-1.json", "0.5080787947566917", "0.5180787947566917"},
  };

  @TempDir Path directory;

  private record Result(int exitCode, String output) {}

  private static Result verify(Path directory) {
    var output = new StringWriter();
    var writer = new PrintWriter(output);
    int status =
        new Program(new VerifyMixersCommand())
            .writing(writer, writer)
            .run("verify-mixers", directory.toString());
    return new Result(status, output.toString());
  }

  private static Path vectors() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(VerifyMixersCommandTest.class.getResource("/vectors")).toURI());
  }

  private static String vector(String name) throws IOException, URISyntaxException {
    return Files.readString(vectors().resolve(name));
  }

  @Test
  void allGoldenVectorsPass() throws Exception {
    Result result = verify(vectors());
    assertEquals(0, result.exitCode, result.output);
    assertTrue(
        result.output.contains("ok  ODM-1  ODM/smoothed_mean-group  60 events  max error "),
        result.output);
    int cases = Objects.requireNonNull(vectors().toFile().list()).length;
    assertTrue(
        result.output.endsWith(cases + " passed, 0 failed" + System.lineSeparator()),
        result.output);
  }

  @Test
  void aDifferenceAboveTheToleranceFailsAndIsNamed() throws Exception {
    String text = vector("ODM-13.json");
    Files.writeString(
        directory.resolve("ODM-13.json"),
        text.replaceFirst("0\\.5151885260630742", "0.5151885270630742"));
    Result result = verify(directory);
    assertEquals(1, result.exitCode, result.output);
    assertTrue(
        result.output.contains("FAILED  ODM-13")
            && result.output.contains("iteration 2: proportions[0] is 0.51518852606"),
        result.output);
    assertTrue(result.output.contains("0 passed, 1 failed"), result.output);
  }

  /** A replay that did not read the case's configuration would pass the vectors of its default. */
  @Test
  void eachFieldOfTheConfigurationMatters() throws Exception {
    for (String[] change : CHANGES) {
      String changed = vector(change[0]).replace(change[1], change[2]);
      assertFalse(changed.equals(vector(change[0])), change[1]);
      Files.writeString(directory.resolve("case.json"), changed);
      assertEquals(1, verify(directory).exitCode, change[2]);
    }
  }

  @Test
  void offlineMethodsAreListedAndNotCounted() throws Exception {
    Files.writeString(
        directory.resolve("X.json"),
        "{\"method\":\"GRID/dirichlet-merge\",\"case\":\"GRID-9\",\"tolerance\":1e-10,\"events\":[{}]}");
    Result result = verify(directory);
    assertEquals(0, result.exitCode, result.output);
    assertTrue(
        result.output.contains("offline, not replayed  GRID-9")
            && result.output.contains("0 passed, 0 failed"),
        result.output);
  }

  @Test
  void filesThatCannotBeReplayedFailWithTheReason() throws Exception {
    for (String[] c : UNREADABLE) {
      Files.writeString(directory.resolve("case.json"), c[0]);
      Result result = verify(directory);
      assertEquals(1, result.exitCode, result.output);
      assertTrue(
          result.output.contains("FAILED") && result.output.contains(c[1]),
          c[0] + " -> " + result.output);
    }
  }

  @Test
  void aDirectoryWithoutCasesIsAMistakeOfTheCaller() {
    assertEquals(2, verify(directory).exitCode);
    assertEquals(2, verify(directory.resolve("none")).exitCode);
  }
}
