package dev.mixwell.shard;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How a token id lies in a file, at any byte. Shards are served in the type they were written in;
 * batches, and the shards that are written here, have one of two ({@link #forVocabulary}).
 */
public enum TokenType {
  UINT8(Kind.BYTE, false, ByteOrder.LITTLE_ENDIAN),
  INT8(Kind.BYTE, true, ByteOrder.LITTLE_ENDIAN),
  UINT16(Kind.SHORT, false, ByteOrder.LITTLE_ENDIAN),
  INT16(Kind.SHORT, true, ByteOrder.LITTLE_ENDIAN),
  UINT32(Kind.INT, false, ByteOrder.LITTLE_ENDIAN),
  INT32(Kind.INT, true, ByteOrder.LITTLE_ENDIAN),
  UINT64(Kind.LONG, false, ByteOrder.LITTLE_ENDIAN),
  INT64(Kind.LONG, true, ByteOrder.LITTLE_ENDIAN),
  UINT16_BIG_ENDIAN(Kind.SHORT, false, ByteOrder.BIG_ENDIAN),
  INT16_BIG_ENDIAN(Kind.SHORT, true, ByteOrder.BIG_ENDIAN),
  UINT32_BIG_ENDIAN(Kind.INT, false, ByteOrder.BIG_ENDIAN),
  INT32_BIG_ENDIAN(Kind.INT, true, ByteOrder.BIG_ENDIAN),
  UINT64_BIG_ENDIAN(Kind.LONG, false, ByteOrder.BIG_ENDIAN),
  INT64_BIG_ENDIAN(Kind.LONG, true, ByteOrder.BIG_ENDIAN);

  private enum Kind {
    BYTE(Byte.BYTES),
    SHORT(Short.BYTES),
    INT(Integer.BYTES),
    LONG(Long.BYTES);

    private final int sizeBytes;

    Kind(int sizeBytes) {
      this.sizeBytes = sizeBytes;
    }
  }

  /** Megatron chooses 32 bits from this vocabulary on, though 36 more ids would fit into 16. */
  private static final int FIRST_INT32_VOCABULARY = 65_500;

  private final Kind kind;
  private final boolean signed;
  private final ByteOrder order;
  private final ValueLayout.OfShort shorts;
  private final ValueLayout.OfInt ints;
  private final ValueLayout.OfLong longs;

  TokenType(Kind kind, boolean signed, ByteOrder order) {
    this.kind = kind;
    this.signed = signed;
    this.order = order;
    this.shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    this.ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    this.longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }

  public int sizeBytes() {
    return kind.sizeBytes;
  }

  /** The type that Megatron's writer takes for ids 0 to {@code size - 1}. */
  public static TokenType forVocabulary(int size) {
    return size < FIRST_INT32_VOCABULARY ? UINT16 : INT32;
  }

  /** The type of this width and sign, or with the bytes of a number the other way round. */
  public static TokenType of(int sizeBytes, boolean signed, ByteOrder order) {
    for (TokenType type : values())
      if (type.kind.sizeBytes == sizeBytes
          && type.signed == signed
          && (type.order == order || sizeBytes == 1)) return type;
    throw new IllegalArgumentException("no integers of " + sizeBytes + " bytes");
  }

  /**
   * The id at byte {@code atByte}, as it stands there: checked against a vocabulary, it fits into
   * 31 bits. An unsigned 64-bit number above {@link Long#MAX_VALUE} comes out negative.
   */
  public long get(MemorySegment bytes, long atByte) {
    return switch (kind) {
      case BYTE -> {
        byte id = bytes.get(ValueLayout.JAVA_BYTE, atByte);
        yield signed ? id : Byte.toUnsignedInt(id);
      }
      case SHORT -> {
        short id = bytes.get(shorts, atByte);
        yield signed ? id : Short.toUnsignedInt(id);
      }
      case INT -> {
        int id = bytes.get(ints, atByte);
        yield signed ? id : Integer.toUnsignedLong(id);
      }
      case LONG -> bytes.get(longs, atByte);
    };
  }

  /** Reads the ids from byte {@code fromByte} on as {@link #get} does, and faster. */
  public void read(MemorySegment bytes, long fromByte, long[] ids, int count) {
    switch (kind) {
      case BYTE -> {
        var read = new byte[count];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, fromByte, read, 0, count);
        for (int i = 0; i < count; i++) ids[i] = signed ? read[i] : Byte.toUnsignedInt(read[i]);
      }
      case SHORT -> {
        var read = new short[count];
        MemorySegment.copy(bytes, shorts, fromByte, read, 0, count);
        for (int i = 0; i < count; i++) ids[i] = signed ? read[i] : Short.toUnsignedInt(read[i]);
      }
      case INT -> {
        var read = new int[count];
        MemorySegment.copy(bytes, ints, fromByte, read, 0, count);
        for (int i = 0; i < count; i++) ids[i] = signed ? read[i] : Integer.toUnsignedLong(read[i]);
      }
      case LONG -> MemorySegment.copy(bytes, longs, fromByte, ids, 0, count);
    }
  }

  /**
   * Whether ids of a vocabulary lie as the same bytes in both types; both hold them, so they are
   * not negative.
   */
  public boolean sameBytes(TokenType other) {
    return kind == other.kind && (order == other.order || kind == Kind.BYTE);
  }
}
