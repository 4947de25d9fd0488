package dev.mixwell.format.reader;

import dev.mixwell.format.Faults;
import dev.mixwell.format.Mapping;

/**
 * The head of an MDS shard or a LitData chunk: a count n of 32 bits, and n + 1 offsets of 32 bits,
 * where each item begins and the last one ends. Items follow each other to the end of the file.
 */
final class OffsetTable {
  /** An offset has 32 bits. */
  private static final long MAX_FILE_BYTES = 0xFFFF_FFFFL;

  private final String file;
  private final Mapping bytes;
  private final long count;

  /**
   * @param expected how many items the data set's index says
   * @throws dev.mixwell.base.Refusal shard-damaged where count and length do not fit; offsets are
   *     checked as they are read
   */
  OffsetTable(String file, Mapping bytes, long expected) {
    this.file = file;
    this.bytes = bytes;
    this.count = bytes.u32(0);
    if (count != expected)
      throw Faults.damaged(
          file, "it counts %,d items, its index says %,d".formatted(count, expected));
    if (headBytes() > bytes.sizeBytes())
      throw Faults.damaged(
          file, "its %,d bytes cannot hold %,d offsets".formatted(bytes.sizeBytes(), count + 1));
    if (first() < headBytes() || end() != bytes.sizeBytes())
      throw Faults.damaged(
          file,
          "its items lie at bytes %,d to %,d of %,d".formatted(first(), end(), bytes.sizeBytes()));
  }

  /**
   * Compares the plain length that a data set's index says with what offsets can reach, before
   * anything of that length is decompressed.
   */
  static void requireLength(String file, long plainBytes) {
    if (plainBytes < 0 || plainBytes > MAX_FILE_BYTES)
      throw Faults.damaged(
          file,
          "its index says %,d plain bytes; offsets of 32 bits reach %,d"
              .formatted(plainBytes, MAX_FILE_BYTES));
  }

  long count() {
    return count;
  }

  /** The count's bytes and the offsets'. */
  long headBytes() {
    return (count + 2) * Integer.BYTES;
  }

  /** Where the first item begins. */
  long first() {
    return offset(0);
  }

  private long end() {
    return offset(count);
  }

  long start(long item) {
    return offset(item);
  }

  /** The byte behind an item, which is not before it. */
  long end(long item) {
    long start = offset(item);
    long end = offset(item + 1);
    if (end < start || start < first() || end > bytes.sizeBytes())
      throw Faults.damaged(file, "item %,d lies at bytes %,d to %,d".formatted(item, start, end));
    return end;
  }

  private long offset(long index) {
    return bytes.u32((index + 1) * Integer.BYTES);
  }
}
