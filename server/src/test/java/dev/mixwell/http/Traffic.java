package dev.mixwell.http;

import dev.mixwell.base.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SplittableRandom;

/** What trainers and operators do to one run, at random, until it is finished. */
public final class Traffic implements Runnable {
  public static final String FEEDBACK =
      "{\"kind\": \"train\", \"groups\": {\"prose\": {\"lossSum\": 2.5, \"tokens\": 1}, \"code\": {\"lossSum\": 1.5, \"tokens\": 1}}}";
  private static final int STEPS = 40;
  private static final String WHO = "\"who\": \"ada\", \"why\": \"at random\"}";

  private final ServerFixture fixture;
  private final String run;
  private final SplittableRandom random;

  public Traffic(ServerFixture fixture, String run, SplittableRandom random) {
    this.fixture = fixture;
    this.run = run;
    this.random = random;
  }

  @Override
  public void run() {
    try {
      String attempt = fixture.openAttempt(run);
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(12) == 0) attempt = reopened(step);
        send("GET", attempt + "/steps/" + step + "/batch?rank=0", "");
        String feedback = attempt + "/steps/" + step + "/feedback";
        if (send("POST", feedback, FEEDBACK) == 422)
          send("POST", feedback, "{\"kind\": \"train\", \"groups\": {}}");
        if (random.nextInt(6) == 0) operate();
      }
      send("DELETE", "/v1/runs/" + run + "?who=ada&why=done", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String reopened(int step) throws IOException {
    String body =
        "{\"fromStep\": %d, \"world\": 2, \"launchId\": \"%d\"}"
            .formatted(step, random.nextLong() & Long.MAX_VALUE);
    var answer =
        RawHttp.exchange(fixture.port(), "POST", "/v1/runs/" + run + "/attempts", Map.of(), body);
    return "/v1/runs/" + run + "/attempts/" + Json.tree(answer.body()).path("attempt").asInt();
  }

  private void operate() throws IOException {
    String base = "/v1/runs/" + run;
    switch (random.nextInt(4)) {
      case 0 -> send("PUT", base + "/overrides", "{\"pins\": {\"code\": 0.4}, " + WHO);
      case 1 -> send("DELETE", base + "/overrides?who=ada&why=enough", "");
      case 2 ->
          send(
              "PUT",
              base + "/mixer",
              "{\"mixer\": {\"name\": \"odm\", \"parameters\": {\"variant\": \"exp3\"}}, " + WHO);
      default -> {
        String later = "{\"atStep\": 5000, \"steps\": 3, " + WHO;
        var answer = RawHttp.exchange(fixture.port(), "POST", base + "/skips", Map.of(), later);
        long operation = Json.tree(answer.body()).path("operation").asLong();
        send("DELETE", base + "/operations/" + operation + "?who=ada&why=mistaken", "");
      }
    }
  }

  private int send(String method, String target, String body) throws IOException {
    return RawHttp.exchange(fixture.port(), method, target, Map.of("If-Match", "*"), body).status();
  }
}
