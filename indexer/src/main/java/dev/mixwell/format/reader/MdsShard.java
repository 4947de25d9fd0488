package dev.mixwell.format.reader;

import dev.mixwell.compress.Compression;
import dev.mixwell.format.Faults;
import dev.mixwell.format.Mapping;
import dev.mixwell.format.Sink;
import dev.mixwell.format.TokenFile;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plain MDS shard: an {@link OffsetTable} of its samples, the writer's configuration as JSON, and
 * the samples. A sample is the sizes, of 32 bits, of those columns that have none of their own, and
 * then the values, all in the order of the columns.
 */
final class MdsShard {
  /** Of {@code ndarray}: the type's code in front of a value. */
  private static final int[] CODES = {8, 9, 16, 17, 32, 33, 64, 65};

  private static final TokenType[] CODED = {
    TokenType.UINT8, TokenType.INT8, TokenType.UINT16, TokenType.INT16,
    TokenType.UINT32, TokenType.INT32, TokenType.UINT64, TokenType.INT64
  };

  private final String file;
  private final Mapping bytes;
  private final OffsetTable samples;
  private final List<MdsColumns.Column> columns;
  private final MdsColumns layout;
  private final long[] starts; // of the values of the sample at hand
  private final long[] sizes;

  MdsShard(String file, Mapping bytes, long expectedSamples, MdsColumns layout) {
    this.file = file;
    this.bytes = bytes;
    this.samples = new OffsetTable(file, bytes, expectedSamples);
    this.layout = layout;
    this.columns = layout.columns();
    this.starts = new long[columns.size()];
    this.sizes = new long[columns.size()];
  }

  void tell(@Nullable Compression compression, Sink sink) throws IOException {
    if (layout.kind() == MdsColumns.Kind.TEXT) {
      tellTexts(sink);
      return;
    }
    TokenType type = commonType();
    if (type != null) sink.file(new TokenFile(file, compression, type, null, false));
    else sink.origin(file);
    for (long s = 0; s < samples.count(); s++) {
      locate(s);
      Values values = values(s);
      var facts = new MdsFacts(file, bytes, layout, starts, sizes, s);
      String id = facts.id();
      Metadata metadata = facts.metadata();
      if (type != null) sink.documentAt(values.atByte, values.count, id, metadata);
      else sink.document(ids(values), id, metadata);
    }
  }

  private void tellTexts(Sink sink) throws IOException {
    sink.origin(file);
    for (long s = 0; s < samples.count(); s++) {
      locate(s);
      var facts = new MdsFacts(file, bytes, layout, starts, sizes, s);
      sink.text(text(s), facts.id(), facts.metadata());
    }
  }

  /** The type of all samples; null where they have several. */
  private @Nullable TokenType commonType() {
    if (layout.type() != null) return layout.type();
    TokenType common = null;
    for (long s = 0; s < samples.count(); s++) {
      locate(s);
      TokenType type = values(s).type;
      if (common != null && type != common) return null;
      common = type;
    }
    return common == null ? TokenType.UINT16 : common;
  }

  /** Finds where the values of a sample lie. */
  private void locate(long sample) {
    long at = samples.start(sample);
    long end = samples.end(sample);
    for (int c = 0; c < columns.size(); c++) {
      Integer size = columns.get(c).sizeBytes();
      sizes[c] = size != null ? size : bytes.u32(at);
      if (size == null) at += Integer.BYTES;
    }
    for (int c = 0; c < columns.size(); c++) {
      starts[c] = at;
      if (sizes[c] > end - at)
        throw damaged(
            sample,
            "its column \"%s\" would have %,d bytes at byte %,d, and it ends at %,d"
                .formatted(columns.get(c).name(), sizes[c], at, end));
      at += sizes[c];
    }
    if (at != end)
      throw damaged(sample, "its columns end at byte %,d, it ends at %,d".formatted(at, end));
  }

  private record Values(TokenType type, long atByte, long count) {}

  private Values values(long sample) {
    long at = starts[layout.tokens()];
    long size = sizes[layout.tokens()];
    TokenType type = layout.type();
    return switch (layout.kind()) {
      case VALUES -> plain(sample, type == null ? TokenType.UINT8 : type, at, size);
      case SHAPED -> shaped(sample, type == null ? TokenType.UINT8 : type, at, size);
      case TYPED -> {
        if (size < 1) throw damaged(sample, "its array has no type");
        yield shaped(sample, coded(sample, bytes.u8(at)), at + 1, size - 1);
      }
      case TEXT -> throw new IllegalStateException("texts have no values");
    };
  }

  private TokenType coded(long sample, int code) {
    for (int i = 0; i < CODES.length; i++) if (CODES[i] == code) return CODED[i];
    throw damaged(sample, "its array has the type code %d, which is no integer's".formatted(code));
  }

  private Values plain(long sample, TokenType type, long at, long size) {
    if (size % type.sizeBytes() != 0)
      throw damaged(sample, "%,d bytes are no whole number of %s".formatted(size, type));
    return new Values(type, at, size / type.sizeBytes());
  }

  /** A byte with the number of dimensions and the size of each's number, the shape, the values. */
  private Values shaped(long sample, TokenType type, long at, long size) {
    if (size < 1) throw damaged(sample, "its array has no shape");
    int head = bytes.u8(at);
    int sides = head >> 2;
    int sideBytes = 1 << (head & 3);
    long shapeBytes = 1 + (long) sides * sideBytes;
    if (shapeBytes > size) throw damaged(sample, "its array's shape is cut");
    long count = 1;
    for (int s = 0; s < sides; s++) {
      long side = number(at + 1 + (long) s * sideBytes, sideBytes);
      if (side < 0 || (side > 0 && count > size / side))
        throw damaged(sample, "its array would have more values than bytes");
      count *= side;
    }
    if (count * type.sizeBytes() != size - shapeBytes)
      throw damaged(
          sample,
          "its array of %,d values of %d bytes has %,d bytes"
              .formatted(count, type.sizeBytes(), size - shapeBytes));
    return new Values(type, at + shapeBytes, count);
  }

  private long number(long at, int size) {
    return switch (size) {
      case 1 -> bytes.u8(at);
      case 2 -> bytes.u8(at) | (long) bytes.u8(at + 1) << 8;
      case 4 -> bytes.u32(at);
      default -> bytes.i64(at);
    };
  }

  private int[] ids(Values values) {
    int[] ids = new int[Math.toIntExact(values.count)];
    for (int i = 0; i < ids.length; i++) {
      long id = bytes.token(values.type, values.atByte + (long) i * values.type.sizeBytes());
      ids[i] = id == (int) id ? (int) id : -1; // no vocabulary has it
    }
    return ids;
  }

  private String text(long sample) {
    int size = Math.toIntExact(Math.min(sizes[layout.tokens()], Integer.MAX_VALUE));
    byte[] utf8 = bytes.array(starts[layout.tokens()], size);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw damaged(sample, "its text is not UTF-8");
    }
  }

  private RuntimeException damaged(long sample, String what) {
    return Faults.damaged(file, "sample %,d: %s".formatted(sample, what));
  }
}
