package dev.mixwell.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import dev.mixwell.ingest.Jsonl;
import dev.mixwell.proof.Proof;
import dev.mixwell.query.QueryGrammar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries mean what they say: what is found is what each document's metadata says by itself. */
final class QueryMeaningTest {
  private static final int DOCUMENTS = 300;
  private static final int MAX_DEPTH = 5;

  @TempDir static Path directory;
  private static final List<QueryLeaves.Document> documents = new ArrayList<>();
  private static Catalog catalog;

  @BeforeAll
  static void index() {
    var random = new SplittableRandom(1);
    var lines = new String[DOCUMENTS];
    for (int i = 0; i < DOCUMENTS; i++) {
      var document = QueryLeaves.document(random);
      documents.add(document);
      var line = new TreeMap<String, Object>(document.metadata());
      line.put("text", "t");
      lines[i] = Json.write(line);
    }
    catalog = Catalog.open(Jsonl.index(directory, lines));
  }

  @AfterAll
  static void close() {
    catalog.close();
  }

  @Test
  void anyExpressionFindsWhatANaiveEvaluatorFinds() {
    var found = new int[2];
    try (var proof = new Proof("query-meaning", 1_000, 10_000)) {
      for (int seed : proof.seeds()) {
        var random = new SplittableRandom(seed);
        RandomQuery query = RandomQuery.draw(random, random.nextInt(MAX_DEPTH + 1));
        String text = query.written(random, RandomQuery.OR - 1, false);
        proof.check(
            "seed %d: %s".formatted(seed, text),
            () -> {
              List<Long> wanted =
                  LongStream.range(0, DOCUMENTS)
                      .filter(i -> query.takes(documents.get((int) i)))
                      .boxed()
                      .toList();
              assertEquals(wanted, found(text));
              String understood = QueryGrammar.read(text).toString();
              assertEquals(wanted, found(understood), understood);
              assertEquals(understood, QueryGrammar.read(understood).toString());
              found[wanted.isEmpty() || wanted.size() == DOCUMENTS ? 0 : 1]++;
            });
      }
      proof.together(
          1_000,
          "most queries take some documents and not all",
          () -> assertTrue(found[1] > found[0], found[1] + " and " + found[0]));
    }
  }

  private static List<Long> found(String query) {
    var all = new CatalogSearch.Bounds(0, DOCUMENTS, Long.MAX_VALUE, Long.MAX_VALUE);
    return catalog.search(query, all).page().stream().map(CatalogSearch.Hit::ordinal).toList();
  }
}
