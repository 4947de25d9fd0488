package dev.mixwell.client;

import dev.mixwell.api.AttemptAnswer;
import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.BatchHeaders;
import dev.mixwell.api.HistoryAnswer;
import dev.mixwell.api.HistoryEntry;
import dev.mixwell.api.MixerAnswer;
import dev.mixwell.api.MixerChange;
import dev.mixwell.api.MixtureAnswer;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.PlanAnswer;
import dev.mixwell.api.ProvenanceAnswer;
import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run's addresses. Thread-safe. Failures are those of {@link MixwellClient#exchange}. */
public final class RunClient {
  /** The most that the contract lets one request ask for. */
  private static final int HISTORY_PAGE = 1_000;

  private final MixwellClient client;
  private final String name;
  private final String path;

  RunClient(MixwellClient client, String name) {
    this.client = client;
    this.name = name;
    this.path = "/v1/runs/" + name;
  }

  public String name() {
    return name;
  }

  /** Creates the run; if it exists with the same configuration, nothing changes. */
  public RunAnswer create(RunSpec spec) {
    return client.json("PUT", path, spec, RunAnswer.class);
  }

  public RunAnswer describe() {
    return client.json("GET", path, null, RunAnswer.class);
  }

  /** Finishes the run: nothing more is issued. */
  public RunAnswer finish(String who, String why) {
    return client.json(
        "DELETE", path + "?who=" + encoded(who) + "&why=" + encoded(why), null, RunAnswer.class);
  }

  /** Opens an attempt. The same {@code launchId} opens it once, however often this is called. */
  public AttemptClient open(AttemptRequest request) {
    AttemptAnswer answer = client.json("POST", path + "/attempts", request, AttemptAnswer.class);
    return new AttemptClient(client, path, answer);
  }

  /** Held-out rows {@code from} to {@code from + count - 1} of a group: the same every time. */
  public Rows heldOut(String group, int from, int count) {
    String target = path + "/validation/" + encoded(group) + "?from=" + from + "&count=" + count;
    return Rows.parse(
        client
            .exchange(
                client.request("GET", target, null, Map.of("Accept", BatchHeaders.SAFETENSORS)))
            .body());
  }

  public PlanAnswer plan(int attempt, long step) {
    return client.json("GET", stepPath(attempt, step) + "/plan", null, PlanAnswer.class);
  }

  public ProvenanceAnswer provenance(int attempt, long step) {
    return client.json(
        "GET", stepPath(attempt, step) + "/provenance", null, ProvenanceAnswer.class);
  }

  public MixtureAnswer mixture() {
    return client.json("GET", path + "/mixture", null, MixtureAnswer.class);
  }

  /**
   * Steps {@code from} to {@code to - 1} of the newest attempt's lineage, as far as they are
   * issued: in as many requests as the server needs.
   */
  public List<HistoryEntry> history(long from, long to) {
    var steps = new ArrayList<HistoryEntry>();
    for (long next = from; next < to; next = from + steps.size()) {
      long end = Math.min(to, next + HISTORY_PAGE);
      String target = path + "/mixture/history?from=" + next + "&to=" + end;
      List<HistoryEntry> page = client.json("GET", target, null, HistoryAnswer.class).steps();
      if (page.isEmpty()) break;
      steps.addAll(page);
    }
    return steps;
  }

  public MixerAnswer mixer() {
    return client.json("GET", path + "/mixer", null, MixerAnswer.class);
  }

  /**
   * Swaps the mixer.
   *
   * @param tag of the {@link MixerAnswer} that the change is based on
   * @throws ProblemException {@code precondition-failed} if it has changed; also if this very
   *     change was accepted and its answer lost
   */
  public OperationView swap(MixerChange change, String tag) {
    Request request = client.request("PUT", path + "/mixer", change, Map.of("If-Match", tag));
    return Json.read(client.exchange(request).body(), OperationView.class);
  }

  private String stepPath(int attempt, long step) {
    return path + "/attempts/" + attempt + "/steps/" + step;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
