package dev.mixwell.lines;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixwell.base.Refusal;
import dev.mixwell.metadata.Metadata;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a line of JSON as a document. Thread-safe. */
public final class LineParser {
  private static final int MAX_DEPTH = 64;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(LineReader.MAX_LINE_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final String textField;
  private final String idField;

  public LineParser(String textField, String idField) {
    this.textField = textField;
    this.idField = idField;
  }

  /**
   * @throws Refusal bad-input, naming the line and what is wrong with it
   */
  public SourceDocument parse(Line line) {
    JsonNode object = object(line, "A line is one object, a document.");
    String text = text(object.get(textField), line.place());
    String id = id(object.get(idField), idField, "--id-field", line.place());
    return new SourceDocument(text, id, metadata(object, line.place(), textField, idField));
  }

  /**
   * @param remedy what to do if it is something else
   */
  static JsonNode object(Line line, String remedy) {
    JsonNode object = tree(line);
    if (!object.isObject()) throw line.place().refused("it is no JSON object", remedy);
    return object;
  }

  /**
   * @param others members that are no metadata
   */
  static Metadata metadata(JsonNode object, Place place, String... others) {
    var flattened = new MetadataFlattener(place);
    for (var member : object.properties())
      if (!List.of(others).contains(member.getKey()))
        flattened.add(member.getKey(), member.getValue());
    return flattened.metadata();
  }

  private static JsonNode tree(Line line) {
    try {
      return MAPPER.readTree(decode(line));
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      String column = at == null ? "" : ", column " + at.getColumnNr();
      throw line.place()
          .refused(
              "it is not JSON%s (%s)".formatted(column, firstLine(e.getOriginalMessage())),
              "Mend or remove the line.");
    } catch (NumberFormatException e) { // Jackson's, for an exponent of more than 32 bits
      throw line.place().refused("it has a number beyond all doubles", "Write it as text.");
    }
  }

  private static String decode(Line line) {
    var bytes = ByteBuffer.wrap(line.utf8());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw line.place()
          .refused(
              "it is not UTF-8 (byte %,d of the line)".formatted(bytes.position() + 1),
              "Convert the file to UTF-8.");
    }
  }

  private String text(@Nullable JsonNode node, Place place) {
    if (node == null || node.isNull())
      throw place.refused(
          "it has no \"%s\"".formatted(textField), "Name the text's field with --text-field.");
    if (!node.isTextual())
      throw place.refused(
          "\"%s\" is no text".formatted(textField), "Name the text's field with --text-field.");
    return Unicode.checked(node.textValue(), textField, place);
  }

  /**
   * @param option that names the field
   */
  static @Nullable String id(@Nullable JsonNode node, String idField, String option, Place place) {
    if (node == null || node.isNull()) return null;
    if (node.isIntegralNumber()) return node.asText();
    if (!node.isTextual() || node.textValue().isEmpty())
      throw place.refused(
          "\"%s\" is no text and no whole number".formatted(idField),
          "Name the id's field with %s.".formatted(option));
    return Unicode.checked(node.textValue(), idField, place);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }
}
