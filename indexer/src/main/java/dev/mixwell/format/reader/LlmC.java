package dev.mixwell.format.reader;

import dev.mixwell.format.Boundaries;
import dev.mixwell.format.DataSet;
import dev.mixwell.format.Faults;
import dev.mixwell.format.Format;
import dev.mixwell.format.Mapping;
import dev.mixwell.format.Sink;
import dev.mixwell.format.Splits;
import dev.mixwell.format.Stated;
import dev.mixwell.format.TokenFile;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Shards of llm.c and modded-nanogpt (dev/data/data_common.py). Of a file:
 *
 * <pre>
 * offset  size  what (little-endian)
 * 0       4     magic: 20240520 for uint16 tokens of GPT-2, 20240801 for uint32 of Llama 3
 * 4       4     version: 1, or 7
 * 8       4     number of tokens n
 * 12      1012  0
 * 1024    w n   tokens
 * </pre>
 *
 * An id stands in front of each document, 50256 or 128000. Files follow each other by the number in
 * their names, and a document goes on from one into the next.
 */
final class LlmC implements Format {
  private static final int HEADER_BYTES = 1024;
  private static final int TOKENS_OFFSET = 8;
  private static final int EVALUATION_MAGIC = 20240522;
  private static final Pattern LAST_NUMBER = Pattern.compile("(\\d+)\\D*$");

  private record Variant(int magic, int version, TokenType type, int beginOfDocument) {}

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant(20240520, 1, TokenType.UINT16, 50256),
          new Variant(20240801, 7, TokenType.UINT32, 128000));

  @Override
  public String name() {
    return "llmc";
  }

  /** Whether a file's first bytes are those of a file of llm.c, of any kind or byte order. */
  static boolean recognises(byte[] head) {
    return variant(magic(head, false)) != null
        || variant(magic(head, true)) != null
        || magic(head, false) == EVALUATION_MAGIC;
  }

  private static int magic(byte[] head, boolean reversed) {
    int magic = 0;
    for (int i = 0; i < Integer.BYTES && i < head.length; i++)
      magic |= Byte.toUnsignedInt(head[i]) << 8 * i;
    return reversed ? Integer.reverseBytes(magic) : magic;
  }

  private static @Nullable Variant variant(int magic) {
    for (Variant v : VARIANTS) if (v.magic == magic) return v;
    return null;
  }

  @Override
  public void read(DataSet data, Stated stated, Sink sink) throws IOException {
    List<String> tokens = data.files().stream().filter(RawTokens::isTokens).toList();
    var files = new ArrayList<>(Splits.choose(tokens, stated.split()));
    files.sort(Comparator.comparing(LlmC::number).thenComparing(f -> f));
    if (stated.split() == null) Splits.warnOfValidation(data, files, sink);
    if (stated.type() != null || stated.endOfDocument() != null)
      sink.warn(
          "%s has the header of llm.c, which says the type of the tokens and the id in front of documents; --dtype and --eos are not used"
              .formatted(data.name()));
    boolean isFirst = true;
    for (String file : files) {
      try (var bytes = Mapping.of(file, data.local(file))) {
        tell(file, bytes, isFirst, sink);
      }
      isFirst = false;
    }
  }

  private static BigInteger number(String file) {
    Matcher matcher = LAST_NUMBER.matcher(file);
    return matcher.find() ? new BigInteger(matcher.group(1)) : BigInteger.ZERO;
  }

  private static void tell(String file, Mapping bytes, boolean isFirst, Sink sink)
      throws IOException {
    Variant variant = checked(file, bytes);
    long tokens = bytes.u32(TOKENS_OFFSET);
    boolean begins =
        tokens == 0 || bytes.token(variant.type, HEADER_BYTES) == variant.beginOfDocument;
    sink.file(new TokenFile(file, null, variant.type, null, !begins && !isFirst));
    if (!begins && isFirst)
      sink.warn(file + " begins inside a document; the shard before it is not here");
    int width = variant.type.sizeBytes();
    new Boundaries(null, variant.beginOfDocument)
        .scan(
            bytes,
            variant.type,
            HEADER_BYTES,
            tokens,
            (first, length, _) ->
                sink.documentAt(HEADER_BYTES + first * width, length, null, Metadata.NONE));
  }

  private static Variant checked(String file, Mapping bytes) {
    if (bytes.sizeBytes() < HEADER_BYTES)
      throw Faults.damaged(
          file,
          "it has %,d bytes, fewer than the header's %,d"
              .formatted(bytes.sizeBytes(), HEADER_BYTES));
    int magic = bytes.i32(0);
    Variant variant = variant(magic);
    if (variant == null)
      throw magic == EVALUATION_MAGIC
          ? Faults.unsupported(file, "it is an evaluation of llm.c (magic 20240522), no tokens")
          : Faults.unsupported(
              file,
              "its magic is %d; known are 20240520 and 20240801, little-endian".formatted(magic));
    int version = bytes.i32(Integer.BYTES);
    if (version != variant.version)
      throw Faults.unsupported(
          file,
          "its version is %d; magic %d goes with %d".formatted(version, magic, variant.version));
    int tokens = bytes.i32(TOKENS_OFFSET);
    long expected = HEADER_BYTES + (long) tokens * variant.type.sizeBytes();
    if (tokens < 0 || expected != bytes.sizeBytes())
      throw Faults.damaged(
          file,
          "its header counts %,d tokens, which make %,d bytes, but it has %,d"
              .formatted(tokens, expected, bytes.sizeBytes()));
    return variant;
  }
}
