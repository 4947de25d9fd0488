package dev.mixwell.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.ingest.Jsonl;
import dev.mixwell.manifest.FullText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FullTextTest {
  private static final FullText USUAL = FullText.of(FullText.USUAL_LANGUAGE_KEYS);

  @TempDir static Path directory;
  private static Catalog catalog;

  @BeforeAll
  static void indexTexts() {
    catalog =
        Catalog.open(
            Jsonl.index(
                directory,
                USUAL,
                """
                {"text":"Neural networks are trained on the web","lang":"en"}""",
                """
                {"text":"The network of a neural kind; to be or not to be","language":"eng_Latn"}""",
                """
                {"text":"Die Häuser stehen am Fluß","lang":"de-AT"}""",
                """
                {"text":"東京大学の研究","lang":["ja","en"]}""",
                """
                {"text":"Les réseaux de neurones, l'apprentissage","lang":"French"}""",
                """
                {"text":"Большие языковые модели обучаются","lang":"RU"}""",
                """
                {"text":"networks net work Die Hard","lang":"la"}""",
                """
                {"text":"no language: neural network"}""",
                """
                {"text":"redes neuronales y modelos","lang":"es"}""",
                """
                {"text":"reti neurali","lang":"it"}""",
                """
                {"text":"redes neurais; os modelos","lang":"pt_BR"}"""));
  }

  @AfterAll
  static void close() {
    catalog.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text:\"neural network\"                 | 0 7",
        "text:\"neural network\" AND lang:en     | 0",
        "text:\"network neural\"~5               | 0 1 7",
        "text:network                            | 0 1 7",
        "text:networks                           | 0 1 6",
        "text:NETWORKS                           | 0 1 6",
        "text.en:networks                        | 0 1",
        "text.other:networks                     | 6",
        "text:the                                | 0 1",
        "text:\"to be or not to be\"             | 1",
        "text:\"to be or not to network\"        | ",
        "text:haus                               | 2",
        "text:fluss                              | 2",
        "text:die                                | 2 6",
        "text.de:die                             | 2",
        "text:東京                               | 3",
        "text:大学                               | 3",
        "text:京大学                             | 3",
        "text:学大                               | ",
        "text:apprentissages                     | 4",
        "text:neurone                            | 4",
        "text:модель                             | 5",
        "text:modelo                             | 8 10",
        "text:neur*                              | 0 1 4 7 8 9 10",
        "text:Neur*                              | 0 1 4 7 8 9 10",
        "text.it:neur*                           | 9",
        "NOT text:neur*                          | 2 3 5 6",
        "text:(web OR fluss)                     | 0 2",
        "text:(neural AND web)                   | 0",
        "+text:network -lang:*                   | 1 7",
      })
  void wordsAreFoundInTheirLanguages(String query, String expected) {
    if (expected == null) {
      var nothing = assertThrows(Refusal.class, () -> catalog.select(query, (_, _, _, _, _) -> {}));
      assertTrue(nothing.detail().contains("matches no document"), nothing.detail());
      return;
    }
    var found = new ArrayList<Long>();
    catalog.select(query, (_, ordinal, _, _, _) -> found.add(ordinal));
    assertEquals(Arrays.stream(expected.split(" ")).map(Long::valueOf).toList(), found, query);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text:[a TO b]  | is not asked of texts",
        "text:n?twork   | is not asked of texts",
        "text:*         | is not asked of texts",
        "text:/net.*/   | is not asked of texts",
        "text:netwrok~  | exactly",
        "text:\"!?\"    | no word to search for",
        "text.nl:huis   | there are cjk, de, en, es, fr, it, other, pt, ru"
      })
  void whatTextsAreNotAskedIsRefused(String query, String mistake) {
    var refusal = assertThrows(Refusal.class, () -> catalog.select(query, (_, _, _, _, _) -> {}));
    assertEquals(ProblemType.INVALID_QUERY, refusal.type());
    assertTrue(refusal.detail().contains(mistake), refusal.detail());
  }

  @Test
  void catalogSaysHowItsTextsWereAnalysedAndWhatTheyCost(@TempDir Path other) {
    catalog.verify();
    FullText text = Objects.requireNonNull(catalog.keys().text());
    assertEquals(
        List.of("cjk", "de", "en", "es", "fr", "it", "other", "pt", "ru"), text.languages());
    var size = catalog.size();
    assertTrue(size.fullTextBytes() > 0 && size.fullTextBytes() < size.bytes(), size.toString());
    String line = "{\"text\":\"Netze\",\"l\":\"de\"}";
    try (var plain = Catalog.open(Jsonl.index(other.resolve("a"), line));
        var texts = Catalog.open(Jsonl.index(other.resolve("b"), USUAL, line));
        var german =
            Catalog.open(Jsonl.index(other.resolve("c"), FullText.of(List.of("l")), line))) {
      assertNull(plain.keys().text());
      assertEquals(0, plain.size().fullTextBytes());
      String digest = plain.manifest().catalogSha256();
      assertNotEquals(digest, texts.manifest().catalogSha256());
      assertNotEquals(german.manifest().catalogSha256(), texts.manifest().catalogSha256());
    }
  }

  @Test
  void documentsKeepTheirOrderThoughThreadsIndexThem(@TempDir Path other) {
    var lines = new String[3_000];
    for (int i = 0; i < lines.length; i++)
      lines[i] = "{\"text\":\"%s w%d\",\"n\":%d}".formatted("word ".repeat(i % 97), i % 7, i);
    try (var many = Catalog.open(Jsonl.index(other, USUAL, lines))) {
      many.verify();
      var found = new ArrayList<Long>();
      many.select("text:w3", (_, ordinal, _, _, _) -> found.add(ordinal));
      for (int i = 0; i < found.size(); i++) assertEquals(7 * i + 3, found.get(i));
      assertEquals(429, found.size());
    }
  }

  @Test
  void withoutFullTextAQueryOfTextsSaysSo(@TempDir Path other) {
    try (var plain = Catalog.open(Jsonl.index(other, "{\"text\":\"a\",\"lang\":\"en\"}"))) {
      var refusal =
          assertThrows(Refusal.class, () -> plain.select("text:a", (_, _, _, _, _) -> {}));
      assertTrue(refusal.detail().contains("again with --text"), refusal.detail());
    }
  }

  @Test
  void metadataThatAQueryWouldTakeForTheTextIsRefused(@TempDir Path other) {
    String nested = "{\"text\":\"a\",\"text.de\":\"b\"}";
    var refusal = assertThrows(Refusal.class, () -> Jsonl.index(other, USUAL, nested));
    assertEquals(ProblemType.BAD_INPUT, refusal.type());
    assertTrue(refusal.detail().contains("\"text.de\""), refusal.detail());
    try (var plain = Catalog.open(Jsonl.index(other, nested))) {
      plain.select("text.de:b", (_, _, _, _, _) -> {});
    }
  }
}
