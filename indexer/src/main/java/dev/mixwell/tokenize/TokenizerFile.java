package dev.mixwell.tokenize;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a Hugging Face {@code tokenizer.json} says of its ids.
 *
 * @param ids those that stand for something
 * @param added the tokens beside the model's own, special ones among them
 */
record TokenizerFile(Path path, String sha256, ObjectNode tree, BitSet ids, List<Added> added) {
  private static final int MAX_BYTES = 256 << 20;
  private static final int MAX_ID = (1 << 30) - 1;

  /** Digits stay as they are written: the scores of a vocabulary decide between its pieces. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxStringLength(MAX_BYTES)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A token that is looked for in a text before the model sees it. */
  record Added(int id, String content, boolean isSpecial) {}

  /**
   * @throws Refusal bad-input if it is not such a file
   */
  static TokenizerFile read(Path path) {
    byte[] bytes = bytes(path);
    try {
      if (!(MAPPER.readTree(bytes) instanceof ObjectNode tree)
          || !(tree.get("model") instanceof ObjectNode model))
        throw refused(path, "it is no JSON object with a model");
      var ids = new BitSet();
      readVocabulary(path, model, ids);
      requirePrefixes(path, model);
      var added = added(path, tree.path("added_tokens"));
      for (Added token : added) ids.set(token.id);
      if (ids.isEmpty()) throw refused(path, "its vocabulary is empty");
      return new TokenizerFile(path, Sha256.of(bytes), tree, ids, added);
    } catch (JsonProcessingException e) {
      throw refused(path, e.getOriginalMessage());
    } catch (IOException e) {
      throw refused(path, "it could not be read: " + IoReason.of(e));
    }
  }

  private static byte[] bytes(Path path) {
    try (var in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES)
        throw refused(path, "it has more than %,d bytes".formatted(MAX_BYTES));
      return bytes;
    } catch (IOException e) {
      throw refused(path, "it could not be read: " + IoReason.of(e));
    }
  }

  /** Of most models an object of ids by piece; of Unigram, pieces with their scores in order. */
  private static void readVocabulary(Path path, ObjectNode model, BitSet ids) {
    switch (model.get("vocab")) {
      case ObjectNode byPiece -> {
        for (var entry : byPiece.properties()) ids.set(id(path, entry.getKey(), entry.getValue()));
      }
      case ArrayNode pieces -> {
        for (JsonNode piece : pieces)
          if (!piece.path(0).isTextual())
            throw refused(path, "a piece of its vocabulary is no text");
        ids.set(0, pieces.size());
      }
      case null, default -> throw refused(path, "its model has no vocabulary");
    }
  }

  /** The library takes the prefix off the second half of a merge unseen, and else ends the JVM. */
  private static void requirePrefixes(Path path, ObjectNode model) {
    JsonNode stated = model.path("continuing_subword_prefix");
    String prefix = stated.isTextual() ? stated.asText() : "";
    for (JsonNode merge : model.path("merges")) {
      String both = merge.asText();
      String second =
          merge.isArray() ? merge.path(1).asText() : both.substring(both.indexOf(' ') + 1);
      if (!second.startsWith(prefix))
        throw refused(path, "its merge %s lacks the prefix \"%s\"".formatted(merge, prefix));
    }
  }

  private static List<Added> added(Path path, JsonNode tokens) {
    var found = new ArrayList<Added>();
    for (JsonNode token : tokens) {
      String content = token.path("content").asText();
      if (content.isEmpty()) throw refused(path, "one of its added tokens is empty");
      found.add(
          new Added(
              id(path, content, token.path("id")), content, token.path("special").asBoolean()));
    }
    return List.copyOf(found);
  }

  private static int id(Path path, String content, JsonNode id) {
    if (!id.isIntegralNumber()
        || !id.canConvertToInt()
        || id.intValue() < 0
        || id.intValue() > MAX_ID)
      throw refused(path, "its token \"%s\" has the id %s".formatted(content, id));
    return id.intValue();
  }

  /** One more than the highest id. */
  int vocabularySize() {
    return ids.length();
  }

  /**
   * The file with other names for some of its added tokens, without what cuts or fills texts. All
   * ids are the same.
   */
  String renamed(Map<Integer, String> names) {
    var byContent = new TreeMap<String, String>();
    for (Added token : added) {
      String name = names.get(token.id);
      if (name != null) byContent.put(token.content, name);
    }
    ObjectNode copy = tree.deepCopy();
    copy.putNull("truncation");
    copy.putNull("padding");
    for (JsonNode token : copy.path("added_tokens")) {
      String name = byContent.get(token.path("content").asText());
      if (name != null) ((ObjectNode) token).put("content", name).put("normalized", false);
    }
    renameInModel((ObjectNode) copy.get("model"), byContent);
    return copy.toString();
  }

  private static void renameInModel(ObjectNode model, Map<String, String> names) {
    String unknown = names.get(model.path("unk_token").asText());
    if (unknown != null) model.put("unk_token", unknown);
    switch (model.get("vocab")) {
      case ObjectNode byPiece ->
          names.forEach(
              (content, name) -> {
                JsonNode id = byPiece.remove(content);
                if (id != null) byPiece.set(name, id);
              });
      case ArrayNode pieces -> {
        for (JsonNode piece : pieces) {
          String name = names.get(piece.path(0).asText());
          if (name != null) ((ArrayNode) piece).set(0, TextNode.valueOf(name));
        }
      }
      default -> throw new IllegalStateException("read before");
    }
  }

  static Refusal refused(Path path, String what) {
    return new Refusal(
        ProblemType.BAD_INPUT,
        "%s cannot be used as a tokenizer: %s. Name the tokenizer.json that a Hugging Face tokenizer was saved as."
            .formatted(path, what));
  }
}
