package dev.mixwell.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixwell.base.Refusal;
import dev.mixwell.shard.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FileTokenizerTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, Integer> UNKNOWN =
      Map.of("byte_level", -1, "llama", 0, "unigram", 2);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"byte_level", "llama", "unigram"})
  void idsAndTextsAreThoseOfTheOriginalLibrary(String name) throws IOException {
    Tokenizer tokenizer = Tokenizers.named(sample(name).toString());
    JsonNode expected = MAPPER.readTree(Samples.folder("tokenizers/ids.json").toFile());
    for (int t = 0; t < expected.get("texts").size(); t++) {
      String text = expected.get("texts").get(t).asText();
      JsonNode ids = expected.get("ids").get(name).get(t);
      if (ids.isNull()) continue;
      int[] found = tokenizer.encode(text);
      assertArrayEquals(MAPPER.convertValue(ids, int[].class), found, text);
      JsonNode decoded = expected.get("decoded").get(name).get(t);
      if (!decoded.isNull()) assertEquals(decoded.asText(), tokenizer.decode(found));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"byte_level", "llama", "unigram"})
  void namesOfSpecialTokensAreText(String name) throws IOException {
    Tokenizer tokenizer = Tokenizers.named(sample(name).toString());
    for (JsonNode added : json(name).get("added_tokens")) {
      if (!added.get("special").asBoolean()) continue;
      String special = added.get("content").asText();
      for (String text : new String[] {special, "a" + special + "b", "a " + special + " b"})
        for (int id : tokenizer.encode(text))
          assertTrue(id == UNKNOWN.get(name) || !isSpecial(name, id), text + ": " + id);
    }
  }

  @Test
  void tokensThatAreAddedButNotSpecialAreFoundInATextAsTheirOwn() {
    int[] ids = Tokenizers.named(sample("byte_level").toString()).encode("a<tool>b");
    assertTrue(Arrays.stream(ids).anyMatch(id -> id == 501), Arrays.toString(ids));
  }

  @ParameterizedTest
  @CsvSource({"byte_level, 504, 0", "llama, 700, 2", "unigram, 400, 1"})
  void vocabularyAndEndOfDocumentAreTheFiles(String name, int size, int end) {
    Tokenizer tokenizer = Tokenizers.named(sample(name).toString());
    assertEquals(size, tokenizer.vocabularySize());
    assertEquals(end, tokenizer.endOfDocument());
  }

  @Test
  void folderStandsForTheFileInItAndTheNameForItsBytes() throws IOException {
    Tokenizer byFile = Tokenizers.named(sample("llama").toString());
    Tokenizer byFolder = Tokenizers.named(sample("llama").getParent().toString());
    assertEquals(byFile.name(), byFolder.name());
    assertTrue(byFile.name().matches("tokenizer\\.json@sha256:[0-9a-f]{64}"), byFile.name());
    Path spaced =
        Files.writeString(directory.resolve("x"), Files.readString(sample("llama")) + " ");
    assertFalse(byFile.name().equals(Tokenizers.named(spaced.toString()).name()));
  }

  @Test
  void longTextsAreNeitherCutNorFilled() throws IOException {
    assertTrue(json("byte_level").get("truncation").isObject(), "the sample cuts at 16");
    Tokenizer tokenizer = Tokenizers.named(sample("byte_level").toString());
    assertEquals(5_000, tokenizer.encode("\u0001".repeat(5_000)).length);
    assertEquals(1, tokenizer.encode("\u0001").length);
    assertEquals(0, tokenizer.encode("").length);
  }

  @Test
  void manyThreadsGetTheSameIds() {
    Tokenizer tokenizer = Tokenizers.named(sample("llama").toString());
    String text = "The step is the checkpoint. ".repeat(40);
    int[] once = tokenizer.encode(text);
    IntStream.range(0, 400)
        .parallel()
        .forEach(_ -> assertArrayEquals(once, tokenizer.encode(text)));
  }

  @ParameterizedTest
  @CsvSource({"<|im_end|>, 502", "500, 500", "<tool>, 501"})
  void endOfDocumentCanBeStatedAndIsThenNoText(String stated, int id) {
    Tokenizer tokenizer = Tokenizers.named(sample("byte_level").toString(), stated);
    assertEquals(id, tokenizer.endOfDocument());
    int[] ids = tokenizer.encode("a<tool>b<|im_end|>");
    assertTrue(Arrays.stream(ids).noneMatch(found -> found == id), Arrays.toString(ids));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {id}));
  }

  @Test
  void endOfDocumentThatIsNotClearIsRefusedNamingWhatItMayBe() throws IOException {
    ObjectNode none = json("byte_level");
    ((ObjectNode) none.get("added_tokens").get(0)).put("content", "<|start|>");
    rename(none, "<|endoftext|>", "<|start|>");
    assertUnclear(none, null, "does not say", "0 <|start|>, 500 <|im_start|>, 501 <tool>");
    ObjectNode several = json("byte_level");
    ((ObjectNode) several.get("added_tokens").get(3)).put("content", "</s>");
    assertUnclear(several, null, "has several", "0 <|endoftext|>, 502 </s>.");
    assertUnclear(json("byte_level"), "<|eos|>", "adds no token \"<|eos|>\"", "502 <|im_end|>");
    assertUnclear(json("byte_level"), "7", "adds no token \"7\"", "502 <|im_end|>");
  }

  private void assertUnclear(ObjectNode file, String stated, String why, String candidates)
      throws IOException {
    Tokenizer tokenizer = Tokenizers.named(written(file).toString(), stated);
    String detail = assertThrows(Refusal.class, tokenizer::endOfDocument).detail();
    assertTrue(detail.contains(why) && detail.contains(candidates), detail);
    assertTrue(detail.contains("--eos") && detail.contains(directory.toString()), detail);
  }

  @Test
  void endsOfTurnsAreTakenOnlyWhereNothingElseEndsDocuments() throws IOException {
    ObjectNode both = json("byte_level");
    ((ObjectNode) both.get("added_tokens").get(1)).put("content", "<|eot_id|>");
    assertEquals(0, Tokenizers.named(written(both).toString()).endOfDocument());
    ((ObjectNode) both.get("added_tokens").get(0)).put("content", "<|begin_of_text|>");
    rename(both, "<|endoftext|>", "<|begin_of_text|>");
    assertEquals(500, Tokenizers.named(written(both).toString()).endOfDocument());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[]",
        "{}",
        "{\"model\":{}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-1},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2147483647},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":\"0\"},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"x y\"]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"\u00e9\":1,\"a\u00e9\":2},\"merges\":[\"a \u00e9\"],\"continuing_subword_prefix\":\"#\"}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"aa\":1},\"merges\":[[\"a\",\"a\"]],\"continuing_subword_prefix\":\"##\"}}",
        "{\"model\":{\"type\":\"None\",\"vocab\":{\"a\":0}}}",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",\"b\"]]}}",
        "{\"model\":{\"type\":\"Unigram\",\"unk_id\":7,\"vocab\":[[\"a\",-1]]}}",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[3]}}",
        "{\"version\":\"9\",\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]},\"added_tokens\":[{\"id\":1}]}"
      })
  void filesOfNoTokenizerAreRefusedByName(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("odd.json"), content);
    var refusal = assertThrows(Refusal.class, () -> Tokenizers.named(file.toString()));
    assertTrue(refusal.detail().contains("odd.json"), refusal.detail());
  }

  @Test
  void idsThatTheLibraryGivesToOtherTokensAreRefused() throws IOException {
    ObjectNode moved = json("byte_level");
    ((ObjectNode) moved.get("added_tokens").get(3)).put("id", 600);
    Path file = written(moved);
    var refusal = assertThrows(Refusal.class, () -> Tokenizers.named(file.toString()));
    assertTrue(refusal.detail().contains("600"), refusal.detail());
  }

  @Test
  void textsWithoutIdsAreAnErrorOfTheText() throws IOException {
    Path words =
        Files.writeString(
            directory.resolve("words.json"),
            "{\"added_tokens\":[],\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"?\"}}");
    Tokenizer tokenizer = Tokenizers.named(words.toString());
    assertArrayEquals(new int[] {0}, tokenizer.encode("a"));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("b"));
    Tokenizer unknown = Tokenizers.named(sample("llama").toString(), "<unk>");
    assertEquals(0, unknown.endOfDocument());
  }

  @Test
  void nothingIsReadBackFromIdsThatStandForNoText() {
    Tokenizer tokenizer = Tokenizers.named(sample("llama").toString());
    for (int id : new int[] {-1, 0, 2, 700, Integer.MAX_VALUE})
      assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {id}));
  }

  @Test
  void namedTokenizersHaveAnEndOfDocumentOfTheirOwn() {
    var refusal = assertThrows(Refusal.class, () -> Tokenizers.named("byte", "7"));
    assertTrue(refusal.detail().contains("byte"), refusal.detail());
  }

  private static boolean isSpecial(String name, int id) throws IOException {
    for (JsonNode added : json(name).get("added_tokens"))
      if (added.get("id").asInt() == id && added.get("special").asBoolean()) return true;
    return false;
  }

  private static void rename(ObjectNode file, String before, String after) {
    var vocabulary = (ObjectNode) file.get("model").get("vocab");
    vocabulary.set(after, vocabulary.remove(before));
  }

  private Path written(ObjectNode json) throws IOException {
    assertTrue(json.get("added_tokens") instanceof ArrayNode);
    return Files.writeString(directory.resolve("tokenizer.json"), json.toString());
  }

  private static ObjectNode json(String name) throws IOException {
    return (ObjectNode) MAPPER.readTree(sample(name).toFile());
  }

  private static Path sample(String name) {
    return Samples.folder("tokenizers/" + name + "/tokenizer.json");
  }
}
