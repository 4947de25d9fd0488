package dev.mixwell.base;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The JSON configuration of the contract and of what is stored: bounded depth, strings and
 * documents; unknown and repeated members are errors. Thread-safe.
 */
public final class Json {
  /** No JSON document of ours is longer; larger bodies are refused while they are read. */
  public static final long MAX_DOCUMENT_BYTES = 16L << 20;

  private static final long UNBOUNDED = -1;
  private static final ObjectMapper MAPPER = mapper(MAX_DOCUMENT_BYTES);
  private static final ObjectMapper UNBOUNDED_MAPPER = mapper(UNBOUNDED);

  private Json() {}

  private static ObjectMapper mapper(long maxBytes) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(32)
                        .maxStringLength(1 << 20)
                        .maxNumberLength(64)
                        .maxDocumentLength(maxBytes)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build())
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .serializationInclusion(JsonInclude.Include.NON_NULL)
        .build();
  }

  /**
   * Reads a document as {@code type}.
   *
   * @throws Refusal {@code malformed-request}, naming the place in the document
   */
  public static <T> T read(byte[] document, Class<T> type) {
    return read(MAPPER, document, type);
  }

  /**
   * Reads a document however long it is: one that this program has written, and whose digest was
   * compared.
   *
   * @throws Refusal as {@link #read}
   */
  public static <T> T readWritten(byte[] document, Class<T> type) {
    return read(UNBOUNDED_MAPPER, document, type);
  }

  private static <T> T read(ObjectMapper mapper, byte[] document, Class<T> type) {
    try {
      T value = mapper.readValue(document, type);
      if (value == null)
        throw new Refusal(
            ProblemType.MALFORMED_REQUEST, "The body is null; a JSON object is expected.");
      return value;
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new Refusal(
          ProblemType.MALFORMED_REQUEST, "The body could not be read: " + e.getMessage());
    }
  }

  public static <T> T read(String document, Class<T> type) {
    try {
      return MAPPER.readValue(document, type);
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  /** A tree for documents whose shape is not fixed. */
  public static JsonNode tree(byte[] document) {
    return read(document, JsonNode.class);
  }

  public static <T> T convert(JsonNode tree, Class<T> type) {
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  public static JsonNode toTree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /**
   * Writes one line, members in declaration order. A double becomes the shortest decimal that reads
   * back to the same bits.
   */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value.getClass(), e);
    }
  }

  public static byte[] writeBytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value.getClass(), e);
    }
  }

  /** Writes indented lines, for people and for files that people read. */
  public static String writePretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value.getClass(), e);
    }
  }

  private static Refusal malformed(JsonProcessingException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause())
      if (cause instanceof Refusal refusal)
        return refusal; // a record's own check, met while binding
    return new Refusal(ProblemType.MALFORMED_REQUEST, what(e) + place(e.getLocation()));
  }

  private static String what(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException unknown
        && !unknown.getKnownPropertyIds().isEmpty()) {
      var known = unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
      String name = unknown.getPropertyName();
      return "There is no member `%s`; did you mean `%s`? Known are: %s"
          .formatted(name, Nearest.of(name, known), String.join(", ", known));
    }
    String member = e instanceof JsonMappingException mapping ? member(mapping) : "";
    if (e instanceof MismatchedInputException mismatch && isNullForPrimitive(mismatch))
      return "`" + member + "` is missing or null";
    String before =
        member.isEmpty()
            ? "The JSON is not as expected: "
            : "`" + member + "` is not as expected: ";
    return before + e.getOriginalMessage();
  }

  private static boolean isNullForPrimitive(MismatchedInputException e) {
    Class<?> target = e.getTargetType();
    return target != null && target.isPrimitive() && e.getOriginalMessage().contains("`null`");
  }

  /** The path of the member, such as {@code groups.web.tokens}. */
  private static String member(JsonMappingException e) {
    var path = new StringJoiner(".");
    for (JsonMappingException.Reference at : e.getPath())
      path.add(at.getFieldName() == null ? Integer.toString(at.getIndex()) : at.getFieldName());
    return path.toString();
  }

  private static String place(@Nullable JsonLocation at) {
    return at == null ? "." : " (line %d, column %d).".formatted(at.getLineNr(), at.getColumnNr());
  }
}
