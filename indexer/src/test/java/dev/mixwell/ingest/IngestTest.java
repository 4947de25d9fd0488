package dev.mixwell.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.metadata.MetadataValue;
import dev.mixwell.shard.Samples;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.TokenType;
import dev.mixwell.store.ShardStore;
import dev.mixwell.tokenize.Tokenizer;
import dev.mixwell.tokenize.Tokenizers;
import dev.mixwell.writing.AddedMetadata;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IngestTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dolma_gz",
        "gz_members",
        "other_text_field",
        "pile_zst_long27",
        "plain",
        "slimpajama_zst_frames"
      })
  void documentsAreThoseOfThePublicFormats(String sample) throws IOException {
    String folder = "jsonl/" + sample;
    JsonNode expected = Samples.expected(folder);
    var texts = new ArrayList<String>();
    for (JsonNode text : expected.get("documents"))
      if (!text.textValue().isEmpty()) texts.add(text.textValue());
    Path output = directory.resolve("index");
    Jsonl.run(
        new IngestSpec(
            Samples.files(folder),
            output,
            Tokenizers.named("byte"),
            expected.get("text_field").textValue(),
            "id",
            1000,
            2,
            true,
            false,
            null,
            AddedMetadata.NONE));
    assertEquals(texts, texts(output));
  }

  @Test
  void oneAndSixteenThreadsWriteTheSameBytes() throws IOException {
    Path input = randomInput(3_000);
    var spec =
        IngestSpec.of(List.of(input), directory.resolve("one"), Tokenizers.named("r50k_base"))
            .withShardTokens(20_000);
    Manifest one = Jsonl.run(spec);
    Path sixteenDir = directory.resolve("sixteen");
    Manifest sixteen =
        Jsonl.run(
            IngestSpec.of(List.of(input), sixteenDir, spec.tokenizer())
                .withShardTokens(20_000)
                .withThreads(16));
    assertEquals(one.sha256(), sixteen.sha256());
    assertTrue(one.shards().size() > 3, "shards: " + one.shards().size());
    var files = Jsonl.files(directory.resolve("one"));
    var others = Jsonl.files(sixteenDir);
    assertEquals(files.keySet(), others.keySet());
    files.forEach((name, bytes) -> assertArrayEquals(bytes, others.get(name), name));
  }

  @Test
  void shardEndsBeforeTheDocumentThatWouldMakeItLonger() throws IOException {
    Path input =
        Files.writeString(
            directory.resolve("a.jsonl"),
            """
        {"text":"1234"}
        {"text":"1234"}
        {"text":"12"}
        {"text":"1234567890123"}
        {"text":"1"}
        """);
    var manifest = Jsonl.run(spec(input).withShardTokens(10));
    assertEquals(
        List.of(10L, 3L, 14L, 2L), manifest.shards().stream().map(s -> s.tokens()).toList());
    try (var catalog = Catalog.open(directory.resolve("index"))) {
      var places = new ArrayList<String>();
      catalog.select("*:*", (shard, ordinal, _, _, _) -> places.add(shard + "/" + ordinal));
      assertEquals(List.of("0/0", "0/1", "1/0", "2/0", "3/0"), places);
    }
  }

  @Test
  void largeVocabularyTakesThirtyTwoBits() throws IOException {
    Path input = Files.writeString(directory.resolve("a.jsonl"), "{\"text\":\"hello world\"}");
    Path output = directory.resolve("index");
    var manifest =
        Jsonl.run(IngestSpec.of(List.of(input), output, Tokenizers.named("cl100k_base")));
    assertEquals(TokenType.INT32, manifest.type());
    try (Shard shard = ShardStore.ofPlainFiles().open(output, manifest.shards().getFirst())) {
      assertEquals(15339, shard.ids(0, 1)[0]);
      assertEquals(100_257, shard.ids(2, 1)[0]);
      assertEquals(3, shard.tokenCount());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bad_utf8, 'line 31: it is not UTF-8'",
    "deep_nesting, 'line 31: it is not JSON'",
    "gz_bad_crc, the checksum is wrong",
    "gz_garbage_behind, bytes that are no gzip member follow",
    "gz_truncated_data, the file ends within a gzip member",
    "gz_truncated_header, the file ends within a gzip member",
    "gz_wrong_magic, 'its name says .gz, but it is not compressed by it'",
    "lone_surrogate, 'line 31: \"text\" has half a surrogate pair'",
    "not_an_object, 'line 31: it is no JSON object'",
    "not_json, 'line 31: it is not JSON'",
    "text_missing, 'line 31: it has no \"text\"'",
    "text_not_string, 'line 31: \"text\" is no text'",
    "truncated_data, 'it is not JSON'",
    "zst_bad_checksum, cut or damaged",
    "zst_truncated_data, cut or damaged",
    "zst_truncated_header, cut or damaged",
    "zst_window_too_large, more than 2^27 bytes",
    "zst_wrong_magic, 'its name says .zst, but it is not compressed by it'",
  })
  void brokenInputIsNamedAndLeavesNothing(String sample, String mistake) throws IOException {
    assertRefused(Samples.files("broken/jsonl_" + sample).getFirst(), mistake);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\":\"\"}                     | line 2: the text is empty",
        "{\"text\":null}                     | line 2: it has no \"text\"",
        "{\"text\":\"a\"} {}                 | line 2: it is not JSON",
        "{\"text\":\"a\",\"text\":\"b\"}     | line 2: it is not JSON",
        "{\"text\":\"a\",\"n\":1e999}        | line 2: \"n\" is a number beyond all doubles",
        "{\"text\":\"a\",\"n\":1e9999999999} | line 2: it has a number beyond",
        "{\"text\":\"a\",\"n\":NaN}          | line 2: it is not JSON",
        "{\"text\":\"a\",\"id\":1.5}         | line 2: \"id\" is no text and no whole number",
        "{\"text\":\"a\",\"id\":\"\"}        | line 2: \"id\" is no text and no whole number",
        "{\"text\":\"a\",\"s\":\"\\ud800\"}  | line 2: \"s\" has half a surrogate pair",
        "{\"text\":\"a\"                     | line 2: it is not JSON",
      })
  void brokenLineIsNamed(String line, String mistake) throws IOException {
    Path input = directory.resolve("a.jsonl");
    Files.write(input, List.of("{\"text\":\"fine\"}", line, "{\"text\":\"fine\"}"));
    assertRefused(input, mistake);
  }

  @Test
  void firstMistakeOfTheInputIsNamedForAnyNumberOfThreads() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 5_000; i++) lines.add("{\"text\":\"document %d\"}".formatted(i));
    lines.set(1_500, "{");
    lines.set(1_501, "{\"text\":\"\"}");
    lines.set(4_000, "]");
    Path input = Files.write(directory.resolve("a.jsonl"), lines);
    for (int threads : new int[] {1, 2, 16}) {
      var refusal = assertThrows(Refusal.class, () -> Jsonl.run(spec(input).withThreads(threads)));
      assertTrue(refusal.detail().contains("line 1501:"), refusal.detail());
    }
  }

  @Test
  void mistakeBeforeDamageOfTheFileIsNamedFirst() throws IOException {
    byte[] whole = Files.readAllBytes(Samples.file("jsonl/gz_members", ".gz"));
    Path input = directory.resolve("a.jsonl.gz");
    Files.write(input, Arrays.copyOf(whole, whole.length - 30));
    var other =
        new IngestSpec(
            List.of(input),
            directory.resolve("index"),
            Tokenizers.named("byte"),
            "txt",
            "id",
            10,
            1,
            true,
            false,
            null,
            AddedMetadata.NONE);
    var refusal = assertThrows(Refusal.class, () -> Jsonl.run(other));
    assertTrue(refusal.detail().contains("line 1: it has no \"txt\""), refusal.detail());
  }

  @Test
  void longLineIsRefusedWithoutReadingItWhole() throws IOException {
    Path input = directory.resolve("a.jsonl");
    try (var out = new BufferedOutputStream(Files.newOutputStream(input))) {
      out.write("{\"text\":\"fine\"}\n{\"text\":\"".getBytes(StandardCharsets.UTF_8));
      var block = new byte[1 << 20];
      Arrays.fill(block, (byte) 'x');
      for (int i = 0; i < 70; i++) out.write(block);
    }
    assertRefused(input, "line 2: the line is longer than 64 MiB");
  }

  @Test
  void namesAreCheckedAgainstTheBytes() throws IOException {
    Path gz = Files.copy(Samples.file("jsonl/gz_members", ".gz"), directory.resolve("a.jsonl"));
    assertRefused(gz, "its name says no compression, but it is compressed as .gz");
  }

  @Test
  void inputWithoutDocumentsIsRefused() throws IOException {
    assertRefused(Files.writeString(directory.resolve("a.jsonl"), "\n \r\n\t\n"), "no documents");
    assertRefused(Files.writeString(directory.resolve("b.jsonl"), ""), "no documents");
    assertRefused(directory.resolve("missing.jsonl"), "cannot be read");
  }

  @Test
  void tokenizerThatLeavesItsVocabularyIsRefused() throws IOException {
    Path input = Files.writeString(directory.resolve("a.jsonl"), "{\"text\":\"hello\"}");
    var liar =
        new Tokenizer() {
          @Override
          public String name() {
            return "liar";
          }

          @Override
          public int vocabularySize() {
            return 10;
          }

          @Override
          public int endOfDocument() {
            return 9;
          }

          @Override
          public int[] encode(String text) {
            return new int[] {3, 10};
          }

          @Override
          public String decode(int[] ids) {
            return "";
          }
        };
    var refusal =
        assertThrows(
            Refusal.class,
            () -> Jsonl.run(IngestSpec.of(List.of(input), directory.resolve("index"), liar)));
    assertTrue(refusal.detail().contains("a.jsonl, line 1: the tokenizer liar gave the id 10"));
    assertNothingIsLeft();
  }

  @Test
  void metadataIsKeptWithItsKinds() throws IOException {
    Path output =
        Jsonl.index(
            directory,
            """
            {"text":"a","m":{"k":[1,2.5,"x",{"deep":true}],"n":null,"e":[],"o":{}},"big":9223372036854775808,"z":-0.0}""");
    try (var catalog = Catalog.open(output)) {
      var values = catalog.metadata(0, 0).values();
      assertEquals(
          List.of(
              new MetadataValue.Whole(1),
              new MetadataValue.Decimal(2.5),
              new MetadataValue.Keyword("x")),
          values.get("m.k"));
      assertEquals(List.of(new MetadataValue.Keyword("true")), values.get("m.k.deep"));
      assertEquals(List.of(new MetadataValue.Decimal(0x1p63)), values.get("big"));
      assertEquals(List.of(new MetadataValue.Whole(0)), values.get("z"));
      assertEquals(List.of("big", "m.k", "m.k.deep", "z"), List.copyOf(values.keySet()));
    }
  }

  @Test
  void tooManyKeysAreRefused() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i <= 1_000; i++) lines.add("{\"text\":\"a\",\"key%d\":1}".formatted(i));
    assertRefused(Files.write(directory.resolve("a.jsonl"), lines), "more than 1,000 keys");
  }

  private void assertRefused(Path input, String mistake) throws IOException {
    var refusal = assertThrows(Refusal.class, () -> Jsonl.run(spec(input)));
    assertEquals(ProblemType.BAD_INPUT, refusal.type(), refusal.detail());
    assertTrue(refusal.detail().contains(mistake), refusal.detail());
    if (!mistake.contains("no documents") && !mistake.contains("keys"))
      assertTrue(refusal.detail().startsWith(input.toString()), refusal.detail());
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() throws IOException {
    try (var entries = Files.list(directory)) {
      assertFalse(
          entries.map(f -> f.getFileName().toString()).anyMatch(n -> n.contains("index")),
          "something is left");
    }
  }

  private IngestSpec spec(Path input) {
    return IngestSpec.of(List.of(input), directory.resolve("index"), Tokenizers.named("byte"));
  }

  private static List<String> texts(Path output) throws IOException {
    var texts = new ArrayList<String>();
    for (var entry : Manifest.read(output).shards())
      try (Shard shard = ShardStore.ofPlainFiles().open(output, entry)) {
        for (long k = 0; k < shard.documentCount(); k++) {
          long start = shard.documentStart(k);
          int[] ids = shard.ids(start, Math.toIntExact(shard.documentStart(k + 1) - start));
          var bytes = new byte[ids.length - 1];
          for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) ids[i];
          assertEquals(256, ids[bytes.length]);
          texts.add(new String(bytes, StandardCharsets.UTF_8));
        }
      }
    return texts;
  }

  private Path randomInput(int documents) throws IOException {
    var random = new SplittableRandom(7);
    var lines = new ArrayList<String>();
    for (int i = 0; i < documents; i++) {
      var text = new StringBuilder();
      for (int n = 1 + random.nextInt(60); n > 0; n--)
        text.append(Integer.toString(random.nextInt(1 << 20), 36)).append(' ');
      lines.add(
          "{\"text\":\"%s\",\"source\":\"s%d\",\"quality\":%s%s}"
              .formatted(
                  text,
                  random.nextInt(5),
                  random.nextInt(100) / 100.0,
                  random.nextBoolean() ? ",\"id\":\"doc-" + i + "\"" : ""));
    }
    return Files.write(directory.resolve("random.jsonl"), lines);
  }
}
