package dev.mixwell.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * JSON as flat metadata, as it is of JSON lines: members have dotted names, an array has several
 * values, null is none. Numbers beyond all doubles are left out.
 */
public final class JsonMetadata {
  private JsonMetadata() {}

  public static void add(String key, JsonNode node, TreeMap<String, List<MetadataValue>> values) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        for (var member : node.properties())
          add(key + "." + member.getKey(), member.getValue(), values);
      }
      case ARRAY -> {
        for (JsonNode element : node) add(key, element, values);
      }
      case STRING, BOOLEAN -> put(key, new MetadataValue.Keyword(node.asText()), values);
      case NUMBER -> {
        try {
          put(key, MetadataValue.number(node.decimalValue()), values);
        } catch (IllegalArgumentException e) {
          // no double is near it
        }
      }
      case NULL, MISSING, BINARY, POJO -> {}
    }
  }

  private static void put(
      String key, MetadataValue value, TreeMap<String, List<MetadataValue>> values) {
    values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
  }
}
