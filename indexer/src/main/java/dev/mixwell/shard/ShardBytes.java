package dev.mixwell.shard;

import dev.mixwell.base.Refusal;
import java.lang.foreign.MemorySegment;

/**
 * The plain bytes of a shard's file, wherever they lie: a mapped file, or a bounded local cache of
 * something that must be fetched or decompressed first. Thread-safe until closed; afterwards
 * reading throws {@link IllegalStateException}.
 */
public interface ShardBytes extends AutoCloseable {
  /** How many there are, decompressed. */
  long sizeBytes();

  /**
   * Asks whether the file is still as long as it was; cheap, for every pull. Reading a mapped page
   * behind the end of a file that was cut is an error of the machine, so this comes before reading.
   *
   * @throws Refusal shard-damaged
   */
  void checkLength();

  /**
   * The bytes [fromByte, toByte), after every block of them that was not compared with its checksum
   * before was. Good for reading at once, not for keeping.
   *
   * @throws Refusal shard-damaged, naming the shard, the block and its bytes; shard-unreachable
   */
  MemorySegment verified(long fromByte, long toByte);

  /** Verifies these bytes and brings them near, so that {@link #verified} will not wait. */
  void load(long fromByte, long toByte);

  /**
   * Begins to bring these bytes near if that takes a network, and does not wait. False where some
   * are not near yet.
   */
  default boolean begin(long fromByte, long toByte) {
    return true;
  }

  @Override
  void close();
}
