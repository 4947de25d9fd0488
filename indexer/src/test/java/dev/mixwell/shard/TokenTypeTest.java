package dev.mixwell.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TokenTypeTest {
  private static final int COUNT = 1_000;
  private static final int FROM_BYTE = 3;

  @ParameterizedTest
  @EnumSource
  void manyAreReadAsEachIs(TokenType type) {
    byte[] bytes = new byte[FROM_BYTE + COUNT * type.sizeBytes()];
    new SplittableRandom(5).nextBytes(bytes);
    MemorySegment segment = MemorySegment.ofArray(bytes);
    long[] ids = new long[COUNT];
    type.read(segment, FROM_BYTE, ids, COUNT);
    for (int i = 0; i < COUNT; i++)
      assertEquals(type.get(segment, FROM_BYTE + (long) i * type.sizeBytes()), ids[i]);
  }
}
