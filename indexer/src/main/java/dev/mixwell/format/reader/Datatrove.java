package dev.mixwell.format.reader;

import dev.mixwell.base.Refusal;
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
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files of datatrove (pipeline/tokens/tokenizer.py): {@code NAME.ds}, tokens of two or four bytes
 * back to back; {@code NAME.ds.index}, the end of each document in tokens, of 64 bits; perhaps
 * {@code NAME.ds.loss}, a byte a token, and {@code NAME.ds.metadata}, whose first two lines are
 * {@code tokenizer|bytes of a token} and the number of tokens.
 */
final class Datatrove implements Format {
  static final String TOKENS = ".ds";

  private static final String INDEX = ".index";
  private static final String LOSS = ".loss";
  private static final String METADATA = ".metadata";
  private static final int MAX_METADATA_BYTES = 1 << 16;

  @Override
  public String name() {
    return "datatrove";
  }

  @Override
  public void read(DataSet data, Stated stated, Sink sink) throws IOException {
    List<String> files = data.files().stream().filter(f -> f.endsWith(TOKENS)).toList();
    for (String file : Splits.choose(files, stated.split()))
      try (var ends = Mapping.of(file + INDEX, data.local(file + INDEX))) {
        read(data, file, ends, stated, sink);
      }
  }

  private static void read(DataSet data, String file, Mapping ends, Stated stated, Sink sink)
      throws IOException {
    if (ends.sizeBytes() % Long.BYTES != 0)
      throw Faults.damaged(
          file + INDEX, "its %,d bytes are no whole number of ends".formatted(ends.sizeBytes()));
    long documents = ends.sizeBytes() / Long.BYTES;
    long sizeBytes = Files.size(data.local(file));
    long endToken = documents == 0 ? 0 : ends.i64((documents - 1) * Long.BYTES);
    Described described = described(data, file);
    TokenType type = type(file, sizeBytes, endToken, described, stated.type());
    if (sizeBytes % type.sizeBytes() != 0
        || endToken < 0
        || endToken > sizeBytes / type.sizeBytes())
      throw Faults.damaged(
          file,
          "it has %,d bytes, and its index ends at token %,d of %d bytes"
              .formatted(sizeBytes, endToken, type.sizeBytes()));
    warn(file, sizeBytes / type.sizeBytes(), endToken, described, sink);
    String mask = data.has(file + LOSS) ? file + LOSS : null;
    sink.file(new TokenFile(file, null, type, mask, false));
    tell(file, ends, documents, type.sizeBytes(), sink);
  }

  private static void warn(
      String file, long tokens, long endToken, @Nullable Described described, Sink sink) {
    if (described != null && described.tokens != tokens)
      sink.warn(
          "%s%s counts %,d tokens, the file has %,d"
              .formatted(file, METADATA, described.tokens, tokens));
    if (endToken < tokens)
      sink.warn(
          "%s: %,d tokens behind its last document are left out"
              .formatted(file, tokens - endToken));
  }

  private static void tell(String file, Mapping ends, long documents, int width, Sink sink)
      throws IOException {
    long start = 0;
    long last = documents == 0 ? 0 : ends.i64((documents - 1) * Long.BYTES);
    for (long k = 0; k < documents; k++) {
      long end = ends.i64(k * Long.BYTES);
      if (end < start || end > last)
        throw Faults.damaged(
            file + INDEX,
            "document %,d ends at token %s; it begins at %,d, and the last one ends at %,d"
                .formatted(k, Long.toUnsignedString(end), start, last));
      sink.documentAt(start * width, end - start, null, Metadata.NONE);
      start = end;
    }
  }

  private static TokenType type(
      String file,
      long sizeBytes,
      long endToken,
      @Nullable Described described,
      @Nullable TokenType stated) {
    if (stated != null) return stated;
    if (described != null) return unsigned(described.widthBytes);
    for (int width : new int[] {Short.BYTES, Integer.BYTES})
      if (endToken > 0 && sizeBytes % width == 0 && sizeBytes / width == endToken)
        return unsigned(width);
    throw Faults.ask(
        file,
        "it has no .metadata, and its index does not fit its length",
        "Say the type of its tokens with --dtype: uint16 or uint32.");
  }

  private static TokenType unsigned(int widthBytes) {
    return TokenType.of(widthBytes, false, ByteOrder.LITTLE_ENDIAN);
  }

  private record Described(int widthBytes, long tokens) {}

  private static @Nullable Described described(DataSet data, String file) throws IOException {
    String name = file + METADATA;
    if (!data.has(name)) return null;
    Path path = data.local(name);
    if (Files.size(path) > MAX_METADATA_BYTES)
      throw Faults.damaged(name, "it has %,d bytes".formatted(Files.size(path)));
    List<String> lines =
        new String(Files.readAllBytes(path), StandardCharsets.UTF_8).lines().toList();
    if (lines.size() < 2) throw notDescribing(name);
    try {
      String first = lines.getFirst();
      int width = Integer.parseInt(first.substring(first.lastIndexOf('|') + 1).strip());
      if (width != Short.BYTES && width != Integer.BYTES)
        throw Faults.damaged(name, "its tokens have %d bytes; 2 and 4 are known".formatted(width));
      return new Described(width, Long.parseLong(lines.get(1).strip()));
    } catch (NumberFormatException e) {
      throw notDescribing(name);
    }
  }

  private static Refusal notDescribing(String name) {
    return Faults.damaged(name, "it does not begin with TOKENIZER|BYTES and a number of tokens");
  }
}
