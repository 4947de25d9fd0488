package dev.mixwell.cli.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.cli.Program;
import dev.mixwell.cli.index.Indexing;
import dev.mixwell.opened.TestIndex;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TryCommandTest {
  @TempDir static Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** 100 documents of 10 tokens: 9 bytes and the end. */
  @BeforeAll
  static void writeIndex() throws IOException {
    List<String> lines =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    "{\"text\":\"number %02d\",\"id\":\"d%d\",\"n\":%d,\"tag\":\"%s\"}"
                        .formatted(i, i, i, i % 2 == 0 ? "even" : "odd"))
            .toList();
    Path input = Files.write(directory.resolve("in.jsonl"), lines);
    assertEquals(0, Indexing.run(input, "--out", directory.resolve("index")));
  }

  @Test
  void queriesAreCountedAndCompared() {
    int code =
        run("n:[0 TO 59]", "--group", "even=tag:even", "--tokens", "5K", "--row-tokens", "50");
    assertEquals(0, code, err.toString());
    assertEquals(
        """
        group         documents             tokens   share            rows     epochs
        q1                   60                600  60.00%              11      9.091  n:[0 TO 59]
        even                 50                500  50.00%               9      11.11  tag:even
        (index)             100              1,000
        rows of 50 inputs; nothing held out
        epochs: if all 5,000 tokens came from that group; half of it, half as many
        in q1 and even: 30 documents, 300 tokens (50.00% and 60.00% of them)
        """,
        out.toString());
  }

  @Test
  void queriesAreShownAsTheyAreUnderstood() throws IOException {
    String query = "tag:even AND n:[0 TO 9] OR n:11 OR !n:[0 TO 89]";
    String understood = "(tag:even AND n:[0 TO 9]) OR n:11 OR NOT n:[0 TO 89]";
    assertEquals(0, run(query), err.toString());
    assertTrue(out.toString().contains("  " + understood + "\n"), out.toString());
    assertEquals(0, run(query, "--json"), err.toString());
    JsonNode group = Json.tree(bytes()).path("groups").path(0);
    assertEquals(query, group.path("query").asText());
    assertEquals(understood, group.path("understood").asText());
    assertEquals(16, group.path("documents").asInt());
  }

  @Test
  void sampleIsTheSameForTheSameSeedAndShowsTheText() throws IOException {
    JsonNode first = sample("tag:odd", "1").path("sample");
    assertEquals(4, first.size());
    assertEquals(first, sample("tag:odd", "1").path("sample"));
    assertNotEquals(first, sample("tag:odd", "2").path("sample"));
    long before = -1;
    for (JsonNode document : first) {
      long ordinal = document.path("ordinal").asLong();
      assertTrue(ordinal > before && ordinal % 2 == 1, first.toString());
      assertEquals("d" + ordinal, document.path("id").asText());
      assertEquals("number %02d".formatted(ordinal), document.path("text").asText());
      assertEquals(ordinal, document.path("metadata").path("n").path(0).asLong());
      before = ordinal;
    }
    assertEquals(0, run("n:7", "--sample", "9"), err.toString());
    assertTrue(
        out.toString().contains("d7 (shard-00000.bin, document 7, 10 tokens) n=7, tag=odd"),
        out.toString());
    assertTrue(out.toString().contains("\"number 07\""), out.toString());
  }

  @Test
  void sampleTakesAllDocumentsWithEqualChance() throws IOException {
    var taken = new int[100];
    for (int seed = 0; seed < 100; seed++) {
      var sample = new DocumentSample(seed, 10);
      for (int i = 0; i < 100; i++)
        sample.visit(0, i, 0, 1, dev.mixwell.catalog.Catalog.idHash("d" + i));
      for (var found : sample.found()) taken[(int) found.ordinal()]++;
    }
    for (int count : taken) assertTrue(count >= 1 && count <= 25, "a mean of 10, and " + count);
  }

  @Test
  void withoutAKnownTokenizerIdsAreShown(@TempDir Path other) throws IOException {
    var shards = TestIndex.random(new SplittableRandom(5), 1, 20, 500);
    new TestIndex(other.resolve("index"), shards, 500).write();
    Object[] arguments = {
      "try", "*:*", "--index", other.resolve("index"), "--sample", 20, "--json"
    };
    assertEquals(0, execute(arguments), err.toString());
    JsonNode document = Json.tree(bytes()).path("groups").path(0).path("sample").path(3);
    int[] tokens = shards.getFirst().get(3).tokens();
    assertEquals(Math.min(16, tokens.length), document.path("ids").size());
    for (int i = 0; i < document.path("ids").size(); i++)
      assertEquals(tokens[i], document.path("ids").path(i).asInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tug:odd           | nearest is \"tag\"",
        "tag:(odd          | at its end",
        "tag:odd n:1 AND n:2 | at character 9 (\"n:1 AND n:2\"): AND or OR stands elsewhere",
        "tag:odd NOT n:1   | write tag:odd AND NOT n:1, or tag:odd OR NOT n:1",
        "tag:none          | matches no document",
        "tag:[a TO b]      | neither numbers nor dates",
        "text:number       | index its source again with --text",
      })
  void mistakeInAQueryIsNamedWithItsPlace(String query, String mistake) {
    assertEquals(Program.REFUSED, run("*:*", query));
    assertTrue(err.toString().contains(mistake), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void wrongCommandLinesAreExplained() {
    for (String[] wrong :
        new String[][] {
          {},
          {"*:*", "--tokens", "many"},
          {"*:*", "--tokens", "0"},
          {"*:*", "--tokens", "1.5"},
          {"*:*", "--tokens", "2000T"},
          {"*:*", "--row-tokens", "0"},
          {"*:*", "--sample", "1001"},
          {"--group", "=*:*"},
          {"--group", "a=*:*", "--group", "a=n:1"}
        }) {
      assertEquals(2, run(wrong), String.join(" ", wrong));
      assertTrue(err.toString().contains("See `mixwell groups try --help`."), err.toString());
    }
    assertEquals(Program.REFUSED, execute("try", "*:*", "--index", directory.resolve("none")));
    assertTrue(err.toString().contains("There is no index"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "300M, 300000000",
    "1.5b, 1500000000",
    "2T, 2000000000000",
    "2_000K, 2000000"
  })
  void countsOfTokensAreReadAsPeopleWriteThem(String text, long tokens) {
    assertEquals(tokens, new TokenCount().convert(text));
  }

  @Test
  void helpHasExamples() {
    assertEquals(0, execute("try", "--help"));
    assertTrue(out.toString().contains("--group web=source:cc"), out.toString());
    assertEquals(0, execute("--help"));
  }

  private JsonNode sample(String query, String seed) throws IOException {
    assertEquals(0, run(query, "--sample", "4", "--seed", seed, "--json"), err.toString());
    return Json.tree(bytes()).path("groups").path(0);
  }

  private byte[] bytes() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private int run(String... arguments) {
    var words = new ArrayList<Object>(List.of("try"));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--index", directory.resolve("index")));
    return execute(words.toArray());
  }

  private int execute(Object... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    var words = new ArrayList<>(List.of("groups"));
    for (Object argument : arguments) words.add(argument.toString());
    return new Program(new GroupsCommand())
        .writing(new PrintWriter(out, true), new PrintWriter(err, true))
        .run(words.toArray(String[]::new));
  }
}
