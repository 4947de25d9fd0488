package dev.mixwell.contract;

import dev.mixwell.http.ServerFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Requests that are right, nearly right, or wrong in every way; all from one seed. */
final class Mutations {
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "2",
          "7",
          "-1",
          "999",
          "2147483647",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "1e999",
          "-1e999",
          "1e-400",
          "NaN",
          "Infinity",
          "0.1",
          "00",
          "+1",
          "",
          " ",
          "null",
          "true",
          "%00",
          "%ff",
          "\u0661",
          "[]",
          "{}");
  private static final List<String> WORDS =
      List.of(
          "prose",
          "code",
          "train",
          "validation",
          "excess",
          "odm",
          "aioli",
          "static",
          "stratified",
          "demo",
          "now",
          "phase-end",
          "own",
          "current",
          "ranks",
          "close-after",
          "iid",
          "stop",
          "..",
          "%2e%2e",
          "%2F",
          "a b",
          "\u0000",
          "\uD83D\uDE00",
          "tag:prose",
          "tag:[",
          "*:*",
          "\"");

  /**
   * Method, target and body; N stands for a number, W for a word, R for a run, G for a group, U for
   * a launch.
   */
  private record Template(String method, String target, String body) {}

  private static final String STEP = "/v1/runs/R/attempts/N/steps/N";
  private static final String WHO = "\"who\": \"x\", \"why\": \"y\"}";

  private static final List<Template> TEMPLATES =
      List.of(
          new Template("GET", "/v1/runs", ""),
          new Template("PUT", "/v1/runs/R", ServerFixture.SPEC),
          new Template("GET", "/v1/runs/R", ""),
          new Template(
              "POST",
              "/v1/runs/R/attempts",
              "{\"fromStep\": N, \"world\": N, \"launchId\": \"U\", \"parent\": N}"),
          new Template(
              "POST",
              "/v1/runs/R/attempts",
              "{\"fromStep\": 0, \"world\": 2, \"launchId\": \"U\"}"),
          new Template("GET", STEP + "/batch?rank=N&wait=PT0S", ""),
          new Template("GET", STEP + "/batch?rank=0&wait=PT0.05S", ""),
          new Template("GET", "/v1/runs/R/attempts/N/batches?from=N&count=N&rank=0&wait=PT0S", ""),
          new Template("GET", STEP + "/plan", ""),
          new Template("GET", STEP + "/provenance", ""),
          new Template(
              "POST",
              STEP + "/feedback",
              "{\"kind\": \"train\", \"groups\": {\"prose\": {\"lossSum\": N, \"tokens\": 128},"
                  + " \"code\": {\"lossSum\": 300.5, \"tokens\": 128}}}"),
          new Template("POST", STEP + "/feedback", "{\"kind\": \"train\", \"groups\": {}}"),
          new Template(
              "POST",
              STEP + "/feedback",
              "{\"kind\": \"W\", \"rank\": N, \"groups\": {\"W\": {\"lossSum\": N, \"tokens\":"
                  + " N}}}"),
          new Template("GET", "/v1/runs/R/validation/G?from=N&count=N", ""),
          new Template("GET", "/v1/runs/R/mixture", ""),
          new Template("GET", "/v1/runs/R/mixture/history?from=N&to=N", ""),
          new Template("GET", "/v1/runs/R/events?after=N", ""),
          new Template("GET", "/v1/runs/R/events?after=-1&types=W,step-closed", ""),
          new Template(
              "POST",
              "/v1/runs/R/mixer/preview",
              "{\"mixer\": {\"name\": \"W\", \"parameters\": {}}, \"fromStep\": N, \"start\":"
                  + " \"W\", \"follow\": false}"),
          new Template(
              "POST",
              "/v1/runs/R/mixer/preview",
              "{\"mixer\": {\"name\": \"odm\"}, \"fromStep\": N, \"follow\": true}"),
          new Template("GET", "/v1/runs/R/mixer", ""),
          new Template(
              "PUT",
              "/v1/runs/R/mixer",
              "{\"mixer\": {\"name\": \"W\", \"parameters\": {\"W\": N}}, \"effective\": \"N\","
                  + " \"start\": \"W\", "
                  + WHO),
          new Template("PUT", "/v1/runs/R/mixer", "{\"mixer\": {\"name\": \"stratified\"}, " + WHO),
          new Template("GET", "/v1/runs/R/overrides", ""),
          new Template(
              "PUT",
              "/v1/runs/R/overrides",
              "{\"pins\": {\"prose\": N}, \"clamps\": {\"code\": {\"min\": N, \"max\": N}},"
                  + " \"effective\": \"N\", "
                  + WHO),
          new Template(
              "PUT",
              "/v1/runs/R/overrides",
              "{\"clamps\": {\"code\": {\"min\": 0.1, \"max\": 0.6}}, " + WHO),
          new Template("DELETE", "/v1/runs/R/overrides?who=x&why=y", ""),
          new Template("POST", "/v1/runs/R/skips", "{\"atStep\": N, \"steps\": N, " + WHO),
          new Template("DELETE", "/v1/runs/R/operations/N?who=x&why=y", ""),
          new Template("DELETE", "/v1/runs/r5?who=x&why=y", ""),
          new Template("GET", "/v1/groups", ""),
          new Template("GET", "/v1/catalog/search?q=W&limit=N&offset=N", ""),
          new Template("GET", "/observe/health/ready", ""),
          new Template("GET", "/observe/metrics", ""),
          new Template("GET", "/openapi", ""));

  /** Those above, and one from the contract of every operation that none of them asks for. */
  private static final List<Template> ALL = all();

  private static final List<String> ODD_BODIES =
      List.of(
          "{}", "null", "[".repeat(60), "{\"a\":", "\"\\ud800\"", "{\"kind\": 1e999}", "\uFEFF{}");
  private static final int ODDITY = 12;

  private static final List<String> METHODS =
      List.of("GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "G\u00cbT");
  private static final List<String> HEADERS =
      List.of(
          "Accept: application/octet-stream",
          "Accept: application/json",
          "Accept: image/png",
          "Accept: ,;q=,*/*;q=2",
          "If-Match: *",
          "If-Match: \"0\"",
          "If-Match: \"1\"",
          "If-None-Match: *",
          "Expect: 100-continue",
          "Connection: keep-alive",
          "Content-Encoding: gzip",
          "Upgrade: h2c",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip, chunked",
          "Content-Length: 5",
          "Content-Length: -1",
          "Content-Length: x",
          "Content-Length: 99999999999",
          "Range: bytes=0-1",
          "Host: b",
          "X: " + "x".repeat(20_000),
          "Bad Header: x",
          ": x",
          "\u0000: x",
          "Last-Event-ID: 3",
          "Last-Event-ID: x",
          "Origin: http://x");

  private final SplittableRandom random;

  private static List<Template> all() {
    try {
      var contract = new Contract();
      var all = new ArrayList<>(TEMPLATES);
      for (var operation : contract.operations())
        if (TEMPLATES.stream().noneMatch(template -> asksFor(template, operation)))
          all.add(declared(contract, operation));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean asksFor(Template template, Contract.Operation operation) {
    return template.method().equals(operation.method())
        && template.target().replaceAll("\\?.*", "").matches(operation.pathPattern());
  }

  private static Template declared(Contract contract, Contract.Operation operation) {
    String target =
        operation
            .path()
            .replace("{run}", "R")
            .replace("{group}", "G")
            .replaceAll("\\{\\w+\\}", "N");
    var query = new ArrayList<String>();
    for (var parameter : contract.parameters(operation))
      if (parameter.path("in").asText().equals("query"))
        query.add(parameter.path("name").asText() + (query.size() % 2 == 0 ? "=N" : "=W"));
    return new Template(
        operation.method(),
        query.isEmpty() ? target : target + "?" + String.join("&", query),
        contract.exampleBody(operation));
  }

  Mutations(long seed) {
    random = new SplittableRandom(seed);
  }

  /** One request, and sometimes a second one behind it on the same connection. */
  byte[] next() {
    String request = request();
    if (random.nextInt(20) == 0) request += request();
    byte[] bytes =
        request.getBytes(
            random.nextInt(10) == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    int breaks = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 0;
    for (int i = 0; i < breaks && bytes.length > 0; i++) bytes = broken(bytes);
    return bytes;
  }

  private String request() {
    Template template = ALL.get(random.nextInt(ALL.size()));
    String body = random.nextInt(ODDITY) == 0 ? pick(ODD_BODIES) : filled(template.body());
    String method = random.nextInt(ODDITY) == 0 ? pick(METHODS) : template.method();
    var head =
        new StringBuilder(method)
            .append(' ')
            .append(filled(template.target()).replace(" ", "%20"))
            .append(" HTTP/1.1\r\n");
    if (random.nextInt(50) != 0) head.append("Host: x\r\n");
    int extra = Math.max(0, random.nextInt(8) - 5);
    for (int i = 0; i < extra; i++) head.append(pick(HEADERS)).append("\r\n");
    boolean isChunked = random.nextInt(10) == 0;
    int sizeBytes = body.getBytes(StandardCharsets.UTF_8).length;
    if (isChunked)
      return head
          + "Transfer-Encoding: chunked\r\n\r\n"
          + chunk(sizeBytes)
          + "\r\n"
          + body
          + "\r\n0\r\n\r\n";
    if (sizeBytes > 0 || random.nextBoolean())
      head.append("Content-Length: ").append(sizeBytes).append("\r\n");
    return head + "\r\n" + body;
  }

  private String chunk(int sizeBytes) {
    return random.nextInt(3) == 0 ? pick(NUMBERS) : Integer.toHexString(sizeBytes);
  }

  /** Small numbers mostly, so that many requests get past the first check. */
  private String filled(String template) {
    var text = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      boolean alone =
          (i == 0 || !Character.isLetter(template.charAt(i - 1)))
              && (i + 1 == template.length() || !Character.isLetter(template.charAt(i + 1)));
      if (!alone) text.append(c);
      else if (c == 'N')
        text.append(
            random.nextInt(ODDITY) == 0
                ? pick(NUMBERS)
                : Integer.toString(random.nextInt(1 + random.nextInt(12))));
      else if (c == 'R')
        text.append(
            random.nextInt(2 * ODDITY) == 0
                ? pick(WORDS)
                : pick(List.of("demo", "demo", "r" + random.nextInt(6))));
      else if (c == 'G') text.append(random.nextInt(4) == 0 ? pick(WORDS) : "prose");
      else if (c == 'W') text.append(pick(WORDS));
      else if (c == 'U') text.append(new UUID(random.nextLong(), random.nextLong()));
      else text.append(c);
    }
    return text.toString();
  }

  private byte[] broken(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(4)) {
      case 0 -> {
        byte[] flipped = bytes.clone();
        flipped[at] = (byte) random.nextInt(256);
        yield flipped;
      }
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> spliced(bytes, at, new byte[0], Math.min(bytes.length, at + 1 + random.nextInt(8)));
      default -> {
        byte[] noise = new byte[1 + random.nextInt(16)];
        random.nextBytes(noise);
        yield spliced(bytes, at, noise, at);
      }
    };
  }

  /** {@code bytes} with [from, to) replaced. */
  private static byte[] spliced(byte[] bytes, int from, byte[] middle, int to) {
    byte[] result = Arrays.copyOf(bytes, from + middle.length + bytes.length - to);
    System.arraycopy(middle, 0, result, from, middle.length);
    System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
    return result;
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
