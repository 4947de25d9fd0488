package dev.mixwell.shard;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A mapped Megatron {@code .idx} file. Immutable and thread-safe as long as the mapping lives.
 * Either all of it is checked when it is made, or the header then and each block when it is first
 * read.
 *
 * <pre>
 * offset     size  what (little-endian, unaligned)
 * 0          9     "MMIDIDX" and two zero bytes
 * 9          8     version, 1
 * 17         1     type of the tokens: 8 uint16, 4 int32 (others exist)
 * 18         8     S, the number of sequences
 * 26         8     D, the number of documents + 1
 * 34         4 S   length of each sequence in tokens
 * 34 +  4 S  8 S   offset of each sequence in the .bin in bytes
 * 34 + 12 S  8 D   first sequence of each document; the last entry is S
 * </pre>
 *
 * Source: NVIDIA Megatron-LM, megatron/core/datasets/indexed_dataset.py.
 */
final class MegatronIndex {
  static final byte[] MAGIC = {'M', 'M', 'I', 'D', 'I', 'D', 'X', 0, 0};
  static final long VERSION = 1;
  static final int TYPE_OFFSET = MAGIC.length + Long.BYTES;
  static final int HEADER_BYTES = TYPE_OFFSET + 1 + 2 * Long.BYTES;

  private static final byte[] OLD_MAGIC = {'T', 'N', 'T', 'I', 'D', 'X'};
  private static final String[] TYPE_NAMES = {
    "none", "uint8", "int8", "int16", "int32", "int64", "float64", "float32", "uint16"
  };
  private static final int CODE_INT32 = 4;
  private static final int CODE_UINT16 = 8;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final MemorySegment bytes;
  private final TokenType type;
  private final long sequences;
  private final long documents;
  private final long tokens;
  private final @Nullable BlockChecksums checksums; // null where all of it was checked

  private MegatronIndex(
      Path path, MemorySegment bytes, long binBytes, @Nullable BlockChecksums checksums) {
    this.path = path;
    this.bytes = bytes;
    this.checksums = checksums;
    checkMagic();
    this.type = readType();
    this.sequences = bytes.get(LONG, TYPE_OFFSET + 1);
    this.documents = bytes.get(LONG, TYPE_OFFSET + 1 + Long.BYTES) - 1;
    checkSize();
    this.tokens = binBytes / type.sizeBytes();
  }

  /**
   * Checks every entry.
   *
   * @param binBytes the length of the {@code .bin} beside it
   * @throws Refusal shard-damaged or bad-input, naming the file and the first thing that is wrong
   */
  static MegatronIndex scanned(Path path, MemorySegment bytes, long binBytes) {
    var index = new MegatronIndex(path, bytes, binBytes, null);
    long found = index.checkSequences();
    index.checkDocuments();
    int sizeBytes = index.type.sizeBytes();
    if (found * sizeBytes != binBytes)
      throw index.damaged(
          "its sequences hold %,d tokens, that is %,d bytes, but the .bin has %,d bytes"
              .formatted(found, found * sizeBytes, binBytes));
    return index;
  }

  /**
   * Checks the header against what was recorded when all of it was checked, and the rest as it is
   * read.
   *
   * @throws Refusal shard-damaged or bad-input; so do the reading methods
   */
  static MegatronIndex guarded(Path path, MemorySegment bytes, long binBytes, Recorded recorded) {
    var index = new MegatronIndex(path, bytes, binBytes, recorded.index);
    if (index.documents != recorded.documents || index.tokens != recorded.tokens)
      throw index.damaged(
          "it has %,d documents and the .bin %,d tokens, but %,d and %,d were indexed"
              .formatted(index.documents, index.tokens, recorded.documents, recorded.tokens));
    return index;
  }

  /**
   * What was recorded of a pair when it was indexed.
   *
   * @param index checksums of the {@code .idx}
   */
  record Recorded(long documents, long tokens, BlockChecksums index) {}

  static byte code(TokenType type) {
    return switch (type) {
      case UINT16 -> CODE_UINT16;
      case INT32 -> CODE_INT32;
    };
  }

  TokenType type() {
    return type;
  }

  long documents() {
    return documents;
  }

  long tokens() {
    return tokens;
  }

  /** The first token of a document; the number of tokens for {@code ordinal == documents()}. */
  long documentStart(long ordinal) {
    long sequence = firstSequence(ordinal);
    return sequence == sequences ? tokens : offset(sequence) / type.sizeBytes();
  }

  private void checkMagic() {
    if (startsWith(OLD_MAGIC))
      throw unsupported("it has the old TNTIDX layout; write it again with a current Megatron");
    if (bytes.byteSize() < HEADER_BYTES)
      throw damaged(
          "it has %,d bytes, fewer than the header's %d".formatted(bytes.byteSize(), HEADER_BYTES));
    if (!startsWith(MAGIC)) throw damaged("it does not begin with MMIDIDX");
    long version = bytes.get(LONG, MAGIC.length);
    if (version != VERSION)
      throw unsupported("its version is %d; only version 1 is known".formatted(version));
  }

  private boolean startsWith(byte[] magic) {
    return bytes.byteSize() >= magic.length
        && bytes.asSlice(0, magic.length).mismatch(MemorySegment.ofArray(magic)) < 0;
  }

  private TokenType readType() {
    int code = bytes.get(ValueLayout.JAVA_BYTE, TYPE_OFFSET);
    return switch (code) {
      case CODE_UINT16 -> TokenType.UINT16;
      case CODE_INT32 -> TokenType.INT32;
      default ->
          throw unsupported(
              "its tokens are %s (code %d); only uint16 and int32 are served, write it again as one"
                  .formatted(
                      code > 0 && code < TYPE_NAMES.length ? TYPE_NAMES[code] : "unknown", code));
    };
  }

  private void checkSize() {
    long body = bytes.byteSize() - HEADER_BYTES;
    long entryBytes = Integer.BYTES + Long.BYTES;
    if (sequences < 0 || sequences > body / entryBytes || documents < 0)
      throw damaged(
          "its %,d bytes cannot hold %,d sequences and %,d documents"
              .formatted(bytes.byteSize(), sequences, documents));
    long rest = body - sequences * entryBytes;
    long indicesBytes = documents < rest / Long.BYTES ? (documents + 1) * Long.BYTES : rest + 1;
    if (indicesBytes > rest)
      throw damaged(
          "its %,d bytes cannot hold %,d sequences and %,d documents"
              .formatted(bytes.byteSize(), sequences, documents));
    if (rest - indicesBytes == sequences && sequences > 0)
      throw unsupported("it is multimodal (a mode for each sequence); only text can be served");
    if (rest != indicesBytes)
      throw damaged("%,d bytes too many follow its last array".formatted(rest - indicesBytes));
  }

  private long checkSequences() {
    long offsetBytes = 0;
    for (long i = 0; i < sequences; i++) {
      int length = bytes.get(INT, HEADER_BYTES + i * Integer.BYTES);
      if (length < 0) throw damaged("the length of sequence %,d is %d".formatted(i, length));
      if (offset(i) != offsetBytes)
        throw damaged(
            "sequence %,d begins at byte %,d of the .bin, but the ones before it end at %,d"
                .formatted(i, offset(i), offsetBytes));
      offsetBytes += (long) length * type.sizeBytes();
    }
    return offsetBytes / type.sizeBytes();
  }

  private void checkDocuments() {
    long previous = 0;
    for (long k = 0; k <= documents; k++) {
      long first = firstSequence(k);
      if (first < previous || first > sequences || (k == 0 && first != 0))
        throw damaged(
            "document %,d begins at sequence %,d, not within %,d to %,d"
                .formatted(k, first, previous, k == 0 ? 0 : sequences));
      previous = first;
    }
    if (previous != sequences)
      throw damaged("its documents end at sequence %,d of %,d".formatted(previous, sequences));
  }

  private long offset(long sequence) {
    return entry(HEADER_BYTES + sequences * Integer.BYTES + sequence * Long.BYTES);
  }

  private long firstSequence(long ordinal) {
    return entry(HEADER_BYTES + sequences * (Integer.BYTES + Long.BYTES) + ordinal * Long.BYTES);
  }

  private long entry(long atByte) {
    if (checksums != null) checksums.verify(bytes, atByte, atByte + Long.BYTES);
    return bytes.get(LONG, atByte);
  }

  private Refusal damaged(String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard index %s is damaged: %s. Restore the pair from its source or write it again."
                .formatted(path, what))
        .with("shard", path.toString());
  }

  private Refusal unsupported(String what) {
    return new Refusal(
            ProblemType.BAD_INPUT, "The shard index %s cannot be used: %s.".formatted(path, what))
        .with("shard", path.toString());
  }
}
