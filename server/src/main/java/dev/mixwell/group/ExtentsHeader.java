package dev.mixwell.group;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The layout of {@link Extents}, in a file or in memory, and its fixed part. Little-endian:
 *
 * <pre>
 *  offset  size  what
 *  0       8     magic "MIXWLEXT"
 *  8       4     version, 2
 *  12      4     number of extents n
 *  16      8     number of tokens
 *  24      8     number of documents
 *  32      8     size of the data, d
 *  40      32    {@link ExtentsDigest}
 *  72      4     CRC32C of the directory and the checksums
 *  76      4     CRC32C of the 76 bytes before
 *  80      d     data: the extents, in blocks of {@value #BLOCK_EXTENTS}
 *  80 + d  28 b  directory, for each block:
 *                  8  where its first extent begins in the stream
 *                  4  that extent's shard (its index in the manifest)
 *                  8  its first token in the shard
 *                  8  where the block begins in the data
 *  ...     4 p   checksums: CRC32C of each {@value #PAGE_BYTES} bytes of data; the last may be fewer
 * </pre>
 *
 * A block is a row of numbers of 7 bits a byte, low ones first, the eighth bit set if more follow.
 * Its first extent is a length in tokens. Every other is the gap in tokens behind the one before
 * and a length; or, in another shard, 0, the difference of the shards, the first token and a
 * length.
 */
record ExtentsHeader(
    int count, long tokens, long documents, long dataBytes, String sha256, int tailCrc) {
  static final long MAGIC = 0x5458454C5758494DL; // "MIXWLEXT", little-endian
  static final int VERSION = 2;
  static final int PREFIX_BYTES = Long.BYTES + Integer.BYTES; // magic and version
  static final int SIZE_BYTES = 80;
  static final int BLOCK_EXTENTS = 64;
  static final int PAGE_BYTES = 1 << 14;

  static final int ENTRY_BYTES = 28;
  static final int ENTRY_SHARD = 8;
  static final int ENTRY_START = 12;
  static final int ENTRY_DATA = 20;

  private static final int COUNT_AT = 12;
  private static final int TOKENS_AT = 16;
  private static final int DOCUMENTS_AT = 24;
  private static final int DATA_BYTES_AT = 32;
  private static final int SHA256_AT = 40;
  private static final int TAIL_CRC_AT = 72;
  private static final int HEADER_CRC_AT = 76;

  int blocks() {
    return Math.ceilDiv(count, BLOCK_EXTENTS);
  }

  int pages() {
    return Math.toIntExact(Math.ceilDiv(dataBytes, (long) PAGE_BYTES));
  }

  long directoryAt() {
    return SIZE_BYTES + dataBytes;
  }

  long checksumsAt() {
    return directoryAt() + (long) ENTRY_BYTES * blocks();
  }

  /** Of everything. */
  long lengthBytes() {
    return checksumsAt() + (long) Integer.BYTES * pages();
  }

  ExtentsHeader withSha256(String digest) {
    return new ExtentsHeader(count, tokens, documents, dataBytes, digest, tailCrc);
  }

  ByteBuffer toBytes() {
    var bytes = ByteBuffer.allocate(SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putInt(VERSION).putInt(count);
    bytes.putLong(tokens).putLong(documents).putLong(dataBytes);
    bytes.put(HexFormat.of().parseHex(sha256)).putInt(tailCrc);
    return bytes.putInt(crc(bytes.slice(0, HEADER_CRC_AT))).flip();
  }

  /** Null if the bytes are no header, whole, of this version. */
  static @Nullable ExtentsHeader parse(byte[] header) {
    var bytes = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    if (header.length < SIZE_BYTES
        || bytes.getLong(0) != MAGIC
        || bytes.getInt(Long.BYTES) != VERSION
        || crc(bytes.slice(0, HEADER_CRC_AT)) != bytes.getInt(HEADER_CRC_AT)) return null;
    return new ExtentsHeader(
        bytes.getInt(COUNT_AT),
        bytes.getLong(TOKENS_AT),
        bytes.getLong(DOCUMENTS_AT),
        bytes.getLong(DATA_BYTES_AT),
        HexFormat.of().formatHex(header, SHA256_AT, TAIL_CRC_AT),
        bytes.getInt(TAIL_CRC_AT));
  }

  static int crc(ByteBuffer bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
