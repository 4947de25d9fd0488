package dev.mixwell.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

final class GzipMembersTest {
  @Test
  void anyMembersComeBackWhole() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      var plain = new ByteArrayOutputStream();
      var file = new ByteArrayOutputStream();
      for (int n = random.nextInt(5); n >= 0; n--) {
        byte[] part = randomBytes(random, random.nextInt(4) == 0 ? 200_000 : 300);
        plain.write(part);
        file.write(member(part, random.nextInt(32) & ~1));
      }
      file.write(new byte[random.nextInt(3)]);
      assertArrayEquals(plain.toByteArray(), read(file.toByteArray()), "seed " + seed);
    }
  }

  @Test
  void anyFlippedBitIsAnErrorOrChangesNothing() {
    byte[] plain = randomBytes(new SplittableRandom(1), 200);
    byte[] file = member(plain, 0);
    for (int bit = 0; bit < file.length * 8; bit++) {
      byte[] changed = file.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertArrayEquals(plain, read(changed), "bit " + bit); // the time, or the level
      } catch (IOException e) {
        // found
      }
    }
  }

  @Test
  void anyTruncationIsAnError() {
    byte[] file = member(randomBytes(new SplittableRandom(2), 300), 4 | 8 | 16 | 2);
    for (int length = 1; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThrows(IOException.class, () -> read(cut), "length " + length);
    }
  }

  private static byte[] read(byte[] file) throws IOException {
    try (var in = new GzipMembers(new ByteArrayInputStream(file))) {
      return in.readAllBytes();
    }
  }

  /** A member with the optional parts of its header that {@code flags} name (RFC 1952, 2.3.1). */
  private static byte[] member(byte[] plain, int flags) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
    if ((flags & 4) != 0) out.writeBytes(new byte[] {3, 0, 'a', 0, 'b'});
    if ((flags & 8) != 0) out.writeBytes(new byte[] {'n', 'a', 'm', 'e', 0});
    if ((flags & 16) != 0) out.writeBytes(new byte[] {'h', 'i', 0});
    if ((flags & 2) != 0) out.writeBytes(new byte[] {9, 9});
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(plain);
    deflater.finish();
    var buffer = new byte[1 << 16];
    while (!deflater.finished()) out.write(buffer, 0, deflater.deflate(buffer));
    deflater.end();
    var crc = new CRC32();
    crc.update(plain);
    writeFourBytes(out, crc.getValue());
    writeFourBytes(out, plain.length);
    return out.toByteArray();
  }

  private static void writeFourBytes(ByteArrayOutputStream out, long value) {
    for (int shift = 0; shift < 32; shift += 8) out.write((int) (value >>> shift));
  }

  private static byte[] randomBytes(SplittableRandom random, int bound) {
    var bytes = new byte[random.nextInt(bound + 1)];
    for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) random.nextInt(40);
    return bytes;
  }
}
