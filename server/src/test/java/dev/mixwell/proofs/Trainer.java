package dev.mixwell.proofs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.BatchHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * An attempt as a trainer uses it; its losses are made from the step and the group, so that every
 * trainer of a run sees the same. Thread-safe.
 */
record Trainer(Http http, String run, int attempt, long fromStep, String launchId) {
  static final List<String> FORMATS =
      List.of(BatchHeaders.SAFETENSORS, BatchHeaders.OCTET_STREAM, BatchHeaders.JSON);

  /** Rows of all corpora's runs: short, so that many fit. */
  static final int ROW_TOKENS = 32;

  /** The first launch of a run. */
  static Trainer launch(Http http, String run, int world) throws Exception {
    return launch(http, run, 0, world, "");
  }

  /**
   * @param more members of the request, with a leading comma
   */
  static Trainer launch(Http http, String run, long fromStep, int world, String more)
      throws Exception {
    String launchId = UUID.randomUUID().toString();
    int attempt = open(http, run, fromStep, world, launchId, more);
    return new Trainer(http, run, attempt, fromStep, launchId);
  }

  static int open(Http http, String run, long fromStep, int world, String launchId, String more)
      throws Exception {
    String body =
        "{\"fromStep\": %d, \"world\": %d, \"launchId\": \"%s\"%s}"
            .formatted(fromStep, world, launchId, more);
    var answer = http.send("POST", "/v1/runs/" + run + "/attempts", body).expect(200);
    return answer.json().path("attempt").asInt();
  }

  /** The same launch asks once more, as after a lost answer. */
  int openAgain(int world) throws Exception {
    return open(http, run, fromStep, world, launchId, "");
  }

  Trainer at(Http other) {
    return new Trainer(other, run, attempt, fromStep, launchId);
  }

  String path(long step) {
    return "/v1/runs/%s/attempts/%d/steps/%d".formatted(run, attempt, step);
  }

  String batchPath(long step, int rank) {
    return path(step) + "/batch?rank=" + rank;
  }

  Http.Answer pull(long step, int rank, String format) throws IOException, InterruptedException {
    return http.send("GET", batchPath(step, rank), "", "Accept", format);
  }

  JsonNode plan(long step) throws IOException, InterruptedException {
    return http.get(path(step) + "/plan").expect(200).json();
  }

  /** The feedback of an issued step. */
  String feedback(long step) throws IOException, InterruptedException {
    return feedback(plan(step).path("rows"), step);
  }

  static String feedback(JsonNode rows, long step) {
    var groups = new ArrayList<String>();
    for (var group : rows.properties()) {
      long tokens = group.getValue().asLong() * ROW_TOKENS;
      if (tokens > 0)
        groups.add(
            "\"%s\": {\"lossSum\": %s, \"tokens\": %d}"
                .formatted(group.getKey(), tokens * loss(group.getKey(), step), tokens));
    }
    return "{\"kind\": \"train\", \"groups\": {" + String.join(", ", groups) + "}}";
  }

  /** 1 to 5 nats: groups take turns in being hard. */
  private static double loss(String group, long step) {
    long seed = 31L * group.hashCode() + step / 16;
    return 1 + 4 * new SplittableRandom(seed).nextDouble();
  }

  Http.Answer post(long step, String feedback) throws IOException, InterruptedException {
    return http.send("POST", path(step) + "/feedback", feedback);
  }

  void post(long step) throws IOException, InterruptedException {
    post(step, feedback(step)).expect(200);
  }
}
