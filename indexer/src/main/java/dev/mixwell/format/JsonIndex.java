package dev.mixwell.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Path;

/** The JSON files in which data sets list their shards. */
public final class JsonIndex {
  public static final String FILE = "index.json";

  /** A shard takes about 600 bytes of an index. */
  private static final long MAX_BYTES = 1L << 30;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonIndex() {}

  /**
   * @throws dev.mixwell.base.Refusal shard-damaged where it is not JSON or of another shape
   */
  public static <T> T read(String name, Path file, Class<T> type) throws IOException {
    try {
      T index = MAPPER.readValue(file.toFile(), type);
      if (index == null) throw Faults.damaged(name, "it is null");
      return index;
    } catch (JacksonException | CharConversionException e) {
      throw Faults.damaged(
          name, "it is not JSON as its format has it (%s)".formatted(firstLine(e)));
    }
  }

  public static JsonNode tree(byte[] json) throws IOException {
    return MAPPER.readTree(json);
  }

  private static String firstLine(IOException e) {
    String message =
        String.valueOf(e instanceof JacksonException j ? j.getOriginalMessage() : e.getMessage());
    return message.lines().findFirst().orElse(message);
  }
}
