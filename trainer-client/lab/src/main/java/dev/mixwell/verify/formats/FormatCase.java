package dev.mixwell.verify.formats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.adopt.AdoptSpec;
import dev.mixwell.base.Json;
import dev.mixwell.format.Stated;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A sample of a format: files in a folder, and {@code expected.json} with what their own reader
 * yields, or why they must be refused.
 */
record FormatCase(Path folder, JsonNode expected) {
  static final String FILE = "expected.json";

  /** Formats whose files do not say the type of their tokens; {@code mds} says it or not. */
  private static final Set<String> UNTYPED = Set.of("nanogpt", "olmo", "mds");

  private static final int DAMAGED_VOCABULARY = 50_257;
  private static final int OLMO_VOCABULARY = 50_280;

  static FormatCase read(Path folder) throws IOException {
    return new FormatCase(folder, Json.tree(Files.readAllBytes(folder.resolve(FILE))));
  }

  /** Why it must be refused; null if it is to be served. */
  @Nullable String damage() {
    JsonNode broken = expected.get("broken");
    return broken == null ? null : broken.asText();
  }

  /**
   * Why it must not be adopted, though its own reader reads it: images among the sequences, ids
   * that are null, or no document at all. Null if it is to be served.
   */
  @Nullable String unserved() {
    if (expected.has("sequence_modes")) return "it is multimodal";
    boolean isEmpty = true;
    for (JsonNode document : expected.path("documents")) {
      for (JsonNode id : document) if (id.isNull()) return "it has null ids";
      isEmpty &= document.isNull();
    }
    return isEmpty ? "it has no documents" : null;
  }

  /** Damaged cases say little else; their folders are named after the format. */
  String format() {
    JsonNode format = expected.get("format");
    return format == null ? String.valueOf(folder.getFileName()).split("_")[0] : format.asText();
  }

  /** The size of the vocabulary; null where documents are texts. */
  @Nullable Integer vocabularySize() {
    if (damage() == null) return number("vocab_size");
    if (expected.path("dtype").asText().equals("text")) return null;
    return switch (format()) {
      case "jsonl" -> null;
      case "olmo" -> OLMO_VOCABULARY;
      default -> DAMAGED_VOCABULARY;
    };
  }

  @Nullable Integer endOfDocument() {
    if (damage() == null) return number("eos_id");
    Integer size = vocabularySize();
    return size == null || format().equals("llmc") ? null : Integer.valueOf(size - 1);
  }

  /** What a user would say of it, once for each part it expects. */
  List<AdoptSpec.Input> inputs() {
    JsonNode file = expected.get("file");
    Path data = file == null ? folder : folder.resolve(file.asText());
    return List.of(new AdoptSpec.Input(data.toString(), stated(text("split"))));
  }

  private Stated stated(@Nullable String split) {
    return new Stated(
        type(),
        endOfDocument(),
        endOfDocument() == null,
        number("bos_id"),
        column(),
        "id",
        split,
        mask());
  }

  private @Nullable TokenType type() {
    if (damage() != null)
      return format().equals("nanogpt") || format().equals("olmo") ? TokenType.UINT16 : null;
    String name = text("dtype");
    if (name == null || !UNTYPED.contains(format())) return null;
    for (TokenType type : TokenType.values())
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) return type;
    return null;
  }

  private @Nullable String column() {
    String column = text("token_column");
    return column == null ? text("text_field") : column;
  }

  private @Nullable String mask() {
    JsonNode masks = expected.get("label_mask_files");
    if (masks != null) return masks.path(0).asText();
    boolean isMaskDamaged =
        damage() != null && String.valueOf(folder.getFileName()).startsWith("olmo_mask");
    return isMaskDamaged ? "label_mask.npy" : null;
  }

  /** The documents: the ids or, of texts, a string each; null for a row without one. */
  List<@Nullable Object> documents() {
    var documents = new ArrayList<@Nullable Object>();
    for (JsonNode document : expected.path("documents"))
      documents.add(
          document.isNull()
              ? null
              : document.isTextual() ? document.asText() : Json.convert(document, int[].class));
    return documents;
  }

  /** Of each document a digit a token, 1 for a label; null where all are. */
  @Nullable List<String> masks() {
    JsonNode masks = expected.has("loss") ? expected.get("loss") : expected.get("label_mask");
    if (masks == null) return null;
    var all = new ArrayList<String>();
    for (JsonNode mask : masks) all.add(mask.asText());
    return all;
  }

  /** Of each document the id that its files give it; null where they give none. */
  @Nullable List<String> ids() {
    JsonNode metadata = expected.get("metadata");
    if (metadata == null || !metadata.path(0).has("id")) return null;
    var ids = new ArrayList<String>();
    for (JsonNode document : metadata) ids.add(document.get("id").asText());
    return ids;
  }

  private @Nullable Integer number(String member) {
    JsonNode node = expected.get(member);
    return node == null || node.isNull() ? null : Integer.valueOf(node.asInt());
  }

  private @Nullable String text(String member) {
    JsonNode node = expected.get(member);
    return node == null || node.isNull() ? null : node.asText();
  }
}
