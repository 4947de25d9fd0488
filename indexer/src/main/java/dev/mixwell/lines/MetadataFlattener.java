package dev.mixwell.lines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import dev.mixwell.metadata.MetadataValue.Keyword;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Turns JSON members into flat metadata: {@code {"a": {"b": [1, 2]}}} is the key {@code a.b} with
 * two values; null is no value. For one document.
 */
final class MetadataFlattener {
  static final int MAX_KEY_CHARS = 256;

  private final Place place;
  private final TreeMap<String, List<MetadataValue>> values = new TreeMap<>();

  MetadataFlattener(Place place) {
    this.place = place;
  }

  /**
   * @throws dev.mixwell.base.Refusal bad-input for a name too long, a number beyond all doubles, or
   *     text that is not Unicode
   */
  void add(String key, JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        for (var member : node.properties()) add(key + "." + member.getKey(), member.getValue());
      }
      case ARRAY -> {
        for (JsonNode element : node) add(key, element);
      }
      case STRING -> put(key, new Keyword(Unicode.checked(node.textValue(), key, place)));
      case BOOLEAN -> put(key, new Keyword(node.asText()));
      case NUMBER -> put(key, number(key, node));
      case NULL, MISSING, BINARY, POJO -> {} // only null comes from JSON text
    }
  }

  Metadata metadata() {
    return new Metadata(values);
  }

  private void put(String key, MetadataValue value) {
    if (key.length() > MAX_KEY_CHARS)
      throw place.refused(
          "a metadata key has more than %d characters (%.40s...)".formatted(MAX_KEY_CHARS, key),
          "Shorten it.");
    values.computeIfAbsent(Unicode.checked(key, key, place), _ -> new ArrayList<>()).add(value);
  }

  private MetadataValue number(String key, JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong())
      return new MetadataValue.Whole(node.longValue());
    try {
      return MetadataValue.number(node.decimalValue());
    } catch (IllegalArgumentException e) {
      throw place.refused(
          "\"%s\" is a number beyond all doubles".formatted(key), "Write it as text.");
    }
  }
}
