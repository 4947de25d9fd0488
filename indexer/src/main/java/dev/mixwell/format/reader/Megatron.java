package dev.mixwell.format.reader;

import dev.mixwell.format.DataSet;
import dev.mixwell.format.Faults;
import dev.mixwell.format.Format;
import dev.mixwell.format.Heads;
import dev.mixwell.format.Mapping;
import dev.mixwell.format.Sink;
import dev.mixwell.format.Stated;
import dev.mixwell.format.TokenFile;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.shard.MegatronLayout;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of {@code PREFIX.bin}, tokens back to back, and {@code PREFIX.idx} ({@link
 * MegatronLayout}), in the order of their names. A document is the sequences between two document
 * indices, which may be none.
 */
final class Megatron implements Format {
  static final String IDX = ".idx";
  static final byte[] OLD_MAGIC = {'T', 'N', 'T', 'I', 'D', 'X'};

  private static final String BIN = ".bin";
  private static final TokenType[] TYPES = {
    null,
    TokenType.UINT8,
    TokenType.INT8,
    TokenType.INT16,
    TokenType.INT32,
    TokenType.INT64,
    null,
    null,
    TokenType.UINT16
  };
  private static final String[] TYPE_NAMES = {
    "none", "uint8", "int8", "int16", "int32", "int64", "float64", "float32", "uint16"
  };

  @Override
  public String name() {
    return "megatron";
  }

  @Override
  public void read(DataSet data, Stated stated, Sink sink) throws IOException {
    List<String> indexes = data.files().stream().filter(f -> f.endsWith(IDX)).toList();
    for (String idx : indexes) {
      String bin = idx.substring(0, idx.length() - IDX.length()) + BIN;
      long binBytes = Files.size(data.local(bin));
      try (var index = Mapping.of(idx, data.local(idx))) {
        new Index(idx, index, binBytes).tell(bin, sink);
      }
    }
  }

  /** One {@code .idx}. */
  private static final class Index {
    private final String name;
    private final Mapping bytes;
    private final TokenType type;
    private final long sequences;
    private final long documents;

    Index(String name, Mapping bytes, long binBytes) {
      this.name = name;
      this.bytes = bytes;
      checkMagic();
      this.type = type();
      this.sequences = bytes.i64(MegatronLayout.SEQUENCES_OFFSET);
      this.documents = bytes.i64(MegatronLayout.DOCUMENTS_OFFSET) - 1;
      checkSize();
      checkSequences(binBytes);
      checkDocuments();
    }

    void tell(String bin, Sink sink) throws IOException {
      sink.file(new TokenFile(bin, null, type, null, false));
      long sequence = 0;
      for (long k = 0; k < documents; k++) {
        long atByte = sequence == sequences ? endByte() : offset(sequence);
        long length = 0;
        for (long end = firstSequence(k + 1); sequence < end; sequence++)
          length += length(sequence);
        sink.documentAt(atByte, length, null, Metadata.NONE);
      }
    }

    private long endByte() {
      return sequences == 0
          ? 0
          : offset(sequences - 1) + (long) length(sequences - 1) * type.sizeBytes();
    }

    private void checkMagic() {
      if (bytes.startsWith(OLD_MAGIC))
        throw Faults.unsupported(
            name, "it has the old TNTIDX layout; write it again with a current Megatron");
      if (bytes.sizeBytes() < MegatronLayout.HEADER_BYTES)
        throw damaged(
            "it has %,d bytes, fewer than the header's %d"
                .formatted(bytes.sizeBytes(), MegatronLayout.HEADER_BYTES));
      if (!bytes.startsWith(MegatronLayout.magic()))
        throw damaged("it does not begin with MMIDIDX");
      long version = bytes.i64(MegatronLayout.VERSION_OFFSET);
      if (version != MegatronLayout.VERSION)
        throw Faults.unsupported(
            name, "its version is %d; only version 1 is known".formatted(version));
    }

    private TokenType type() {
      int code = bytes.u8(MegatronLayout.TYPE_OFFSET);
      TokenType found = code < TYPES.length ? TYPES[code] : null;
      if (found == null)
        throw Faults.unsupported(
            name,
            "its tokens are %s (code %d); tokens are integers"
                .formatted(code < TYPE_NAMES.length ? TYPE_NAMES[code] : "unknown", code));
      return found;
    }

    private void checkSize() {
      long body = bytes.sizeBytes() - MegatronLayout.HEADER_BYTES;
      long entryBytes = Integer.BYTES + Long.BYTES;
      if (sequences < 0 || sequences > body / entryBytes || documents < 0) throw tooShort();
      long rest = body - sequences * entryBytes;
      if (documents >= rest / Long.BYTES) throw tooShort();
      rest -= (documents + 1) * Long.BYTES;
      if (rest == sequences && sequences > 0)
        throw Faults.unsupported(
            name, "it is multimodal (a mode for each sequence); only text can be served");
      if (rest != 0) throw damaged("%,d bytes too many follow its last array".formatted(rest));
    }

    private RuntimeException tooShort() {
      return damaged(
          "its %,d bytes cannot hold %,d sequences and %,d documents"
              .formatted(bytes.sizeBytes(), sequences, documents));
    }

    private void checkSequences(long binBytes) {
      long offsetBytes = 0;
      for (long i = 0; i < sequences; i++) {
        int length = length(i);
        if (length < 0) throw damaged("the length of sequence %,d is %d".formatted(i, length));
        if (offset(i) != offsetBytes)
          throw damaged(
              "sequence %,d begins at byte %,d of the .bin, but the ones before it end at %,d"
                  .formatted(i, offset(i), offsetBytes));
        offsetBytes += (long) length * type.sizeBytes();
      }
      if (offsetBytes != binBytes)
        throw damaged(
            "its sequences hold %,d tokens, that is %,d bytes, but the .bin has %,d bytes"
                .formatted(offsetBytes / type.sizeBytes(), offsetBytes, binBytes));
    }

    private void checkDocuments() {
      long previous = 0;
      for (long k = 0; k <= documents; k++) {
        long first = firstSequence(k);
        boolean isInOrder = k == 0 ? first == 0 : first >= previous && first <= sequences;
        if (!isInOrder)
          throw damaged(
              "document %,d begins at sequence %,d, the one before it at %,d, and there are %,d sequences"
                  .formatted(k, first, previous, sequences));
        previous = first;
      }
      if (previous != sequences)
        throw damaged("its documents end at sequence %,d of %,d".formatted(previous, sequences));
    }

    private int length(long sequence) {
      return bytes.i32(MegatronLayout.HEADER_BYTES + sequence * Integer.BYTES);
    }

    private long offset(long sequence) {
      return bytes.i64(
          MegatronLayout.HEADER_BYTES + sequences * Integer.BYTES + sequence * Long.BYTES);
    }

    private long firstSequence(long document) {
      return bytes.i64(
          MegatronLayout.HEADER_BYTES
              + sequences * (Integer.BYTES + Long.BYTES)
              + document * Long.BYTES);
    }

    private RuntimeException damaged(String what) {
      return Faults.damaged(name, what);
    }
  }

  /** Whether a file is an index of this format, of any age; null for what cannot be read. */
  static boolean isIndex(byte @Nullable [] head) {
    return head != null
        && (Heads.startsWith(head, MegatronLayout.magic()) || Heads.startsWith(head, OLD_MAGIC));
  }
}
