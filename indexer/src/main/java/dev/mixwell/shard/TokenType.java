package dev.mixwell.shard;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How a token id lies in a shard: little-endian, unsigned 16 or signed 32 bits. */
public enum TokenType {
  UINT16(2),
  INT32(4);

  /** Megatron chooses 32 bits from this vocabulary on, though 36 more ids would fit into 16. */
  private static final int FIRST_INT32_VOCABULARY = 65_500;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int sizeBytes;

  TokenType(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  public int sizeBytes() {
    return sizeBytes;
  }

  /** The type that Megatron's writer takes for ids 0 to {@code size - 1}. */
  public static TokenType forVocabulary(int size) {
    return size < FIRST_INT32_VOCABULARY ? UINT16 : INT32;
  }

  /** The id at token {@code index} of a shard's tokens. */
  public int get(MemorySegment tokens, long index) {
    return switch (this) {
      case UINT16 -> Short.toUnsignedInt(tokens.get(SHORT, index * Short.BYTES));
      case INT32 -> tokens.get(INT, index * Integer.BYTES);
    };
  }
}
