package dev.mixwell.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.ingest.Jsonl;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.ValueBounds;
import dev.mixwell.manifest.ValueStatistics;
import dev.mixwell.metadata.MetadataValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CatalogTest {
  @TempDir static Path directory;
  private static Catalog catalog;

  @BeforeAll
  static void indexSevenDocuments() {
    catalog =
        Catalog.open(
            Jsonl.index(
                directory,
                """
                {"id":"d0","text":"a","source":"github","quality":0.7,"stars":10,"lang":["en","de"]}""",
                """
                {"id":"d1","text":"b","source":"GitHub","quality":0.70001,"stars":-3,"meta":{"set":"x y"}}""",
                """
                {"id":"d2","text":"c","source":"wiki","quality":1,"stars":9007199254740993,"ok":true}""",
                """
                {"text":"d","source":"a/b","quality":2.0,"stars":9007199254740992,"ok":false}""",
                """
                {"text":"e","source":"http://e.org/0?q=1","quality":-0.5,"mixed":"12","none":null}""",
                """
                {"text":"f","source":"","quality":1e3,"mixed":12,"stars":18446744073709551616}""",
                """
                {"text":"g","source":"git hub","mixed":"twelve","key with space":"v","a:b":"w"}"""));
  }

  @AfterAll
  static void close() {
    catalog.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*:*                              | 0 1 2 3 4 5 6",
        "source:github                    | 0",
        "source:GitHub                    | 1",
        "source:(github wiki)             | 0 2",
        "source:\"git hub\"               | 6",
        "source:git\\ hub                 | 6",
        "source:\"a/b\"                   | 3",
        "source:a\\/b                     | 3",
        "source:\"http://e.org/0?q=1\"    | 4",
        "source:\"\"                      | 5",
        "source:git*                      | 0 6",
        "source:?it*                      | 0 1 6",
        "source:/[gG]it.?[hH]ub/          | 0 1 6",
        "quality:0.7                      | 0",
        "quality:\"0.70\"                 | 0",
        "quality:1                        | 2",
        "quality:1.0                      | 2",
        "quality:2                        | 3",
        "quality:1000                     | 5",
        "quality:[0.7 TO *]               | 0 1 2 3 5",
        "quality:{0.7 TO *]               | 1 2 3 5",
        "quality:[* TO 0.7}               | 4",
        "quality:[-1 TO 1]                | 0 1 2 4",
        "quality:{-0.5 TO 1}              | 0 1",
        "quality:[0.5 TO 1.5]             | 0 1 2",
        "quality:*                        | 0 1 2 3 4 5",
        "quality:[* TO *]                 | 0 1 2 3 4 5",
        "stars:9007199254740993           | 2",
        "stars:9007199254740992           | 3",
        "stars:[9007199254740993 TO *]    | 2 5",
        "stars:\\-3                       | 1",
        "stars:[-5 TO 0]                  | 1",
        "stars:18446744073709551616       | 5",
        "mixed:12                         | 4 5",
        "mixed:[10 TO 20]                 | 5",
        "mixed:twelve                     | 6",
        "lang:de                          | 0",
        "meta.set:\"x y\"                 | 1",
        "ok:true                          | 2",
        "key\\ with\\ space:v             | 6",
        "a\\:b:w                          | 6",
        "source:github OR quality:2       | 0 3",
        "+quality:[0 TO 2] -source:wiki   | 0 1 3",
        "NOT ok:*                         | 0 1 4 5 6",
        "stars:10 OR (NOT quality:*)      | 0 6",
        "*:* AND NOT source:(wiki GitHub) | 0 3 4 5 6",
      })
  void queryMatchesExactly(String query, String expected) {
    var found = new ArrayList<Long>();
    catalog.select(query, (_, ordinal, _, _, _) -> found.add(ordinal));
    var wanted = Arrays.stream(expected.split(" ")).map(Long::valueOf).sorted().toList();
    assertEquals(wanted, found, query);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "source:github AND ok:* OR ok:*   | 2 3",
        "ok:* OR ok:* AND source:github   | 2 3",
        "stars:10 OR NOT quality:*        | 0 6",
        "stars:-3                         | 1",
        "\"key with space\":v             | 6",
      })
  void operatorsBindAsInLogic(String query, String expected) {
    queryMatchesExactly(query, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sorce:github        | nearest is \"source\"",
        "meta.sett:x         | nearest is \"meta.set\"",
        "none:1              | There is no key \"none\"",
        "github              | \"github\" has no key",
        "source:git hub      | \"hub\" has no key",
        "source:github AND   | at its end",
        "source:(github      | at its end",
        "source:a:b          | at character 9",
        "AND source:github   | at character 1",
        "source:\"github     | at its end",
        "quality:high        | \"high\" is none",
        "quality:[low TO 1]  | a bound of [low TO 1] is none",
        "source:[git TO g]   | neither numbers nor dates",
        "mixed:[a TO 3]      | is none: write numbers",
        "quality:0.*         | holds numbers only",
        "quality:1e999999999 | \"1e999999999\" is none",
        "source:githib~      | exactly",
        "source:\"a b\"~2     | ~ is for words of text",
        "ok:true OR sorce:x  | at character 18 (\"x\"): There is no key",
        "ok:true ok:* OR a:b | write one, or brackets",
        "source:nowhere      | it matches no document",
        "''                  | it is empty",
        "source:/[/          | cannot be",
      })
  void unusableQueryIsNamedWithItsMistake(String query, String mistake) {
    var refusal =
        assertThrows(Refusal.class, () -> catalog.select(query, (_, _, _, _, _) -> {}), query);
    assertEquals(ProblemType.INVALID_QUERY, refusal.type());
    assertTrue(refusal.detail().contains("\"" + query + "\""), refusal.detail());
    assertTrue(refusal.detail().contains(mistake), refusal.detail());
  }

  @Test
  void hugeQueriesAreRefused() {
    String clause = "ok:true ";
    var nested = new StringBuilder();
    for (int i = 0; i < 1_100; i++)
      nested.append(i % 2 == 0 ? "(ok:" : " ok:").append(i).append(i % 2 == 0 ? "" : ") ");
    for (String query :
        new String[] {
          clause.repeat(1_100),
          clause.repeat(10_000),
          nested.toString(),
          "source:/(a|b)*a(a|b){40}/",
          "(".repeat(100_000) + clause,
          "(".repeat(8_000) + clause + ")".repeat(8_000)
        }) {
      var refusal = assertThrows(Refusal.class, () -> catalog.select(query, (_, _, _, _, _) -> {}));
      assertEquals(ProblemType.INVALID_QUERY, refusal.type(), refusal.detail());
    }
  }

  @Test
  void documentIsFoundWithItsIdAndMetadata() {
    assertEquals("d0", catalog.documentId(0, 0));
    String shard = catalog.manifest().shards().getFirst().file().sha256();
    assertEquals(shard + ":3", catalog.documentId(0, 3));
    assertEquals(
        List.of(new MetadataValue.Keyword("en"), new MetadataValue.Keyword("de")),
        catalog.metadata(0, 0).values().get("lang"));
    var hashes = new ArrayList<Long>();
    catalog.select("*:*", (_, _, _, _, idHash) -> hashes.add(idHash));
    for (int i = 0; i < hashes.size(); i++)
      assertEquals(Catalog.idHash(catalog.documentId(0, i)), hashes.get(i));
  }

  @Test
  void idHashIsTheFirstEightBytesOfTheDigest() {
    assertEquals(0xba7816bf8f01cfeaL, Catalog.idHash("abc")); // FIPS 180-2, appendix B.1
  }

  @Test
  void searchCountsAndShowsAPage() {
    var found = catalog.search("source:* AND NOT source:wiki", bounds(1, 2));
    assertEquals(6, found.documents());
    assertEquals(12, found.tokens());
    assertFalse(found.atLeast());
    assertEquals(List.of(1L, 3L), found.page().stream().map(CatalogSearch.Hit::ordinal).toList());
    assertEquals("d1", found.page().getFirst().id());
    assertEquals(catalog.metadata(0, 1), found.page().getFirst().metadata());
    assertEquals(List.of(), catalog.search("*:*", bounds(7, 5)).page());
    assertEquals(0, catalog.search("source:nobody", bounds(0, 5)).documents());
  }

  @Test
  void searchWhoseTimeIsUpSaysThatThereMayBeMore() {
    for (String query : List.of("*:*", "source:git*", "source:/.*/")) {
      var found = catalog.search(query, new CatalogSearch.Bounds(0, 10, 1 << 20, -1));
      assertTrue(found.atLeast(), query);
      assertTrue(found.documents() < 7, query);
    }
  }

  @Test
  void metadataThatIsTooLongForThePageIsLeftOut() {
    int first = catalog.metadata(0, 0).toBytes().length;
    var page = catalog.search("*:*", new CatalogSearch.Bounds(0, 2, first, Long.MAX_VALUE)).page();
    assertEquals(catalog.metadata(0, 0), page.getFirst().metadata());
    assertNull(page.getLast().metadata());
  }

  private static CatalogSearch.Bounds bounds(long offset, int limit) {
    return new CatalogSearch.Bounds(offset, limit, 1 << 20, Long.MAX_VALUE);
  }

  @Test
  void locationsAreThoseOfTheTokens() {
    var ends = new ArrayList<Long>(List.of(0L));
    catalog.select(
        "*:*",
        (shard, ordinal, start, length, _) -> {
          assertEquals(0, shard);
          assertEquals(ends.size() - 1, ordinal);
          assertEquals(ends.getLast(), start);
          ends.add(start + length);
        });
    assertEquals(catalog.manifest().tokens(), ends.getLast());
  }

  @Test
  void keysCountTheirValues() {
    var ok = catalog.keys().key("ok");
    assertEquals(
        List.of(new ValueStatistics("false", 1, 2, 1), new ValueStatistics("true", 1, 2, 1)),
        ok.values());
    var quality = catalog.keys().key("quality");
    assertTrue(quality.wholes() && quality.decimals() && !quality.keywords());
    assertEquals(6, quality.documents());
    assertEquals(new ValueBounds("-0.5", "1000"), quality.numbers());
    assertEquals(
        new ValueBounds("-3", "1.8446744073709552E19"), catalog.keys().key("stars").numbers());
  }

  @Test
  void whatTheCatalogHoldsIsWhatTheManifestSays() {
    catalog.verify();
    catalog.manifest().verify(Generation.newest(directory.resolve("index")), Set.of());
  }
}
