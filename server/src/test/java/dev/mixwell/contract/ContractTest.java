package dev.mixwell.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.EventType;
import dev.mixwell.api.RunName;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running server and openapi.yaml say the same. */
public class ContractTest {
  /**
   * First a run with an attempt, an issued step and a swap to take back; last, what ends it.
   * Between them, the document's order.
   */
  private static final List<String> FIRST =
      List.of("createRun", "openAttempt", "getBatch", "getMixer", "swapMixer");

  private static final List<String> LAST = List.of("finishRun", "getEvents");

  /** What the document says once for all addresses. */
  private static final Set<ProblemType> EVERYWHERE =
      EnumSet.of(ProblemType.METHOD_NOT_ALLOWED, ProblemType.NOT_FOUND);

  @TempDir Path directory;

  @Test
  void everyRouteIsInTheDocumentAndTheOtherWayRound() throws IOException {
    try (var fixture = ServerFixture.start(directory)) {
      Set<String> routes =
          fixture.served().stream()
              .map(r -> r.method() + " " + r.path())
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> declared =
          new Contract()
              .operations().stream()
                  .map(o -> o.method() + " " + o.path())
                  .collect(Collectors.toCollection(TreeSet::new));
      for (String route : routes)
        assertTrue(
            declared.contains(route), route + " is served, and not declared in " + Contract.FILE);
      for (String route : declared)
        assertTrue(
            routes.contains(route),
            "%s is declared and not served: name it in routes() of a service in server/src/main/java/dev/mixwell/http/routes"
                .formatted(route));
    }
  }

  @Test
  void everyEventOfTheStreamIsDeclaredAndTheOtherWayRound() throws IOException {
    var contract = new Contract();
    var operation = contract.operation("getEvents");
    var declared = new TreeSet<String>();
    contract.response(operation, 200).path("x-events").fieldNames().forEachRemaining(declared::add);
    var asked = new TreeSet<String>();
    for (JsonNode p : contract.parameters(operation))
      if (p.path("name").asText().equals("types"))
        asked.addAll(List.of(p.path("example").asText().split(",")));
    for (EventType type : EventType.values()) {
      String what = "the event `%s` is not in %s, operation getEvents, ";
      assertTrue(
          declared.remove(type.slug()), what.formatted(type.slug(), Contract.FILE) + "x-events");
      assertTrue(
          asked.contains(type.slug()),
          what.formatted(type.slug(), Contract.FILE) + "example of `types`");
    }
    assertEquals(Set.of(), declared, "declared events of which EventType has no constant");
  }

  @Test
  void everyQueryParameterIsDeclaredAndTaken() throws IOException {
    var contract = new Contract();
    try (var fixture = ServerFixture.start(directory)) {
      for (ServerFixture.Served route : fixture.served()) {
        var operation =
            contract.operations().stream()
                .filter(o -> o.path().equals(route.path()) && o.method().equals(route.method()))
                .findFirst()
                .orElseThrow(
                    () ->
                        new AssertionError(
                            "%s %s is served, and not declared in %s"
                                .formatted(route.method(), route.path(), Contract.FILE)));
        var declared = new TreeSet<String>();
        for (JsonNode p : contract.parameters(operation))
          if (p.path("in").asText().equals("query")) declared.add(p.path("name").asText());
        assertEquals(declared, new TreeSet<>(route.parameters()), route.path());
      }
    }
  }

  @Test
  void everyProblemTypeIsDeclaredWithItsStatus() throws IOException {
    var contract = new Contract();
    var seen = EnumSet.copyOf(EVERYWHERE);
    var bySlug =
        Arrays.stream(ProblemType.values()).collect(Collectors.toMap(ProblemType::slug, t -> t));
    for (var operation : contract.operations())
      for (JsonNode name : operation.node().path("x-problems")) {
        ProblemType type = bySlug.get(name.asText());
        assertTrue(type != null && type.isSent(), operation.id() + " names " + name);
        seen.add(type);
        JsonNode response = contract.response(operation, type.status());
        boolean isHealth = response.path("content").has("application/json");
        assertTrue(
            isHealth || response.path("content").has("application/problem+json"),
            operation.id() + " " + name);
      }
    var sent = EnumSet.allOf(ProblemType.class);
    sent.removeIf(type -> !type.isSent());
    for (ProblemType type : sent)
      assertTrue(
          seen.contains(type),
          "the problem `%s` is in no x-problems of %s: name it where it is answered"
              .formatted(type.slug(), Contract.FILE));
    assertEquals(sent, seen);
  }

  @Test
  void aRunIsNamedAsTheServerNamesIt() throws IOException {
    for (var operation : new Contract().operations())
      for (JsonNode p : new Contract().parameters(operation))
        if (p.path("name").asText().equals("run"))
          assertEquals(
              "^" + RunName.PATTERN + "$",
              p.path("schema").path("pattern").asText(),
              "api-spec/src/main/resources/openapi.yaml, components.parameters.run");
  }

  @Test
  void everyExampleIsAnsweredAsDeclared() throws IOException {
    var contract = new Contract();
    try (var fixture = ServerFixture.start(directory)) {
      var known = new HashMap<String, String>();
      var failures = new ArrayList<String>();
      for (var operation : inOrder(contract.operations())) {
        var answer = call(fixture.port(), contract, operation, known);
        failures.addAll(differences(contract, operation, answer));
        if (operation.id().equals("getMixer")) known.put("If-Match", answer.header("etag"));
        if (operation.id().equals("swapMixer"))
          known.put("operation", Json.tree(answer.body()).path("operation").asText());
        if (operation.id().equals("getBatch")) known.put("If-None-Match", answer.header("etag"));
      }
      assertEquals(List.of(), failures);
    }
  }

  @Test
  void aBatchThatIsHeldAlreadyIsNotSentAgain() throws IOException {
    try (var fixture = ServerFixture.start(directory)) {
      fixture.createRun("demo");
      String target = fixture.openAttempt("demo") + "/steps/0/batch?rank=0";
      var first = RawHttp.exchange(fixture.port(), "GET", target, Map.of(), "");
      assertEquals(200, first.status(), first.text());
      var again =
          RawHttp.exchange(
              fixture.port(),
              "GET",
              target,
              Map.of("If-None-Match", "\"x\", " + first.header("etag")),
              "");
      assertEquals(304, again.status());
      assertEquals(first.header("etag"), again.header("etag"));
      assertEquals(0, again.body().length);
      assertEquals(
          200,
          RawHttp.exchange(fixture.port(), "GET", target, Map.of("If-None-Match", "\"x\""), "")
              .status());
    }
  }

  private static List<Contract.Operation> inOrder(List<Contract.Operation> operations) {
    var ordered = new ArrayList<Contract.Operation>();
    for (String id : FIRST)
      operations.stream().filter(o -> o.id().equals(id)).forEach(ordered::add);
    operations.stream()
        .filter(o -> !FIRST.contains(o.id()) && !LAST.contains(o.id()))
        .forEach(ordered::add);
    for (String id : LAST) operations.stream().filter(o -> o.id().equals(id)).forEach(ordered::add);
    assertEquals(operations.size(), ordered.size());
    return ordered;
  }

  /**
   * Sends the examples; what an earlier answer gave ({@code known}) replaces the example of that
   * name.
   */
  private static RawHttp.Answer call(
      int port, Contract contract, Contract.Operation operation, Map<String, String> known)
      throws IOException {
    String target = operation.path();
    var query = new ArrayList<String>();
    var headers = new LinkedHashMap<String, String>();
    for (JsonNode p : contract.parameters(operation)) {
      String name = p.path("name").asText();
      String value = known.getOrDefault(name, p.path("example").asText(""));
      String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
      switch (p.path("in").asText()) {
        case "path" -> target = target.replace("{" + name + "}", encoded);
        case "query" -> query.add(name + "=" + encoded);
        default -> {
          if (name.equals("If-Match")) headers.put(name, value);
        }
      }
    }
    if (!query.isEmpty()) target += "?" + String.join("&", query);
    String body = contract.exampleBody(operation);
    return RawHttp.exchange(port, operation.method(), target, headers, body);
  }

  public static List<String> differences(
      Contract contract, Contract.Operation operation, RawHttp.Answer answer) {
    String what = operation.id() + " " + answer.status();
    JsonNode response = contract.response(operation, answer.status());
    if (response.isMissingNode()) return List.of(what + " is not declared: " + answer.text());
    if (answer.status() >= 300) return List.of(what + ": " + answer.text());
    String type = answer.header("content-type").split(";", 2)[0];
    JsonNode content = response.path("content");
    if (content.isMissingNode())
      return answer.body().length == 0 ? List.of() : List.of(what + " has a body");
    if (!content.has(type)) return List.of(what + " has the type " + type);
    if (type.equals("text/event-stream")) return eventDifferences(contract, what, response, answer);
    if (!type.equals("application/json")) return List.of();
    return contract.violations(content.path(type).path("schema"), Json.tree(answer.body())).stream()
        .map(v -> what + ": " + v)
        .toList();
  }

  /** Every event that the example brings about is declared, with what it holds. */
  private static List<String> eventDifferences(
      Contract contract, String what, JsonNode response, RawHttp.Answer answer) {
    var differences = new ArrayList<String>();
    JsonNode declared = response.path("x-events");
    for (String block : answer.text().split("\n\n", -1)) {
      String event = field(block, "event: ");
      if (event.isEmpty()) continue;
      if (!declared.has(event)) differences.add(what + " has the event " + event);
      else
        for (String violation :
            contract.violations(
                declared.path(event),
                Json.tree(field(block, "data: ").getBytes(StandardCharsets.UTF_8))))
          differences.add(what + " " + event + ": " + violation);
    }
    if (!answer.text().contains("event: ")) differences.add(what + " has no event");
    return differences;
  }

  private static String field(String block, String name) {
    return block
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()))
        .findFirst()
        .orElse("");
  }

  @Test
  void theDocumentIsServed() throws IOException {
    try (var fixture = ServerFixture.start(directory)) {
      var answer = RawHttp.exchange(fixture.port(), "GET", "/openapi", Map.of(), "");
      assertFalse(answer.text().isEmpty());
      assertTrue(answer.text().startsWith("openapi: 3.1"));
    }
  }
}
