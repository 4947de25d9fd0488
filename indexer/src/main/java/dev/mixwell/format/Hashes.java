package dev.mixwell.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import net.jpountz.xxhash.StreamingXXHash64;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;

/** The digests that a format records of its files, by the names that Python gives them. */
public final class Hashes {
  private static final int BUFFER_BYTES = 1 << 17;
  private static final Map<String, String> JDK_NAMES =
      // Decides no byte: names are looked up, and said in no order.
      Map.of(
          "md5", "MD5",
          "sha1", "SHA-1",
          "sha224", "SHA-224",
          "sha256", "SHA-256",
          "sha384", "SHA-384",
          "sha512", "SHA-512",
          "sha3_256", "SHA3-256",
          "sha3_512", "SHA3-512");

  private Hashes() {}

  /**
   * Compares all that are known.
   *
   * @throws dev.mixwell.base.Refusal shard-damaged, naming the first that differs
   */
  public static void check(
      String name, Path file, @Nullable Map<String, String> recorded, Sink sink)
      throws IOException {
    if (recorded == null) return;
    for (Map.Entry<String, String> hash : recorded.entrySet()) {
      if (hash.getValue() == null)
        throw Faults.damaged(name, "its index says null for its " + hash.getKey());
      String found = of(file, hash.getKey());
      if (found == null)
        sink.warn(
            "%s: its %s is not checked, for want of the algorithm".formatted(name, hash.getKey()));
      else if (!found.equals(hash.getValue().toLowerCase(Locale.ROOT)))
        throw Faults.damaged(
            name,
            "its %s is %s where its index says %s"
                .formatted(hash.getKey(), found, hash.getValue()));
    }
  }

  private static @Nullable String of(Path file, String algorithm) throws IOException {
    if (algorithm.equals("xxh64")) return xxh64(file);
    String jdk = JDK_NAMES.get(algorithm);
    if (jdk == null) return null;
    try {
      var digest = MessageDigest.getInstance(jdk);
      read(file, digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      return null;
    }
  }

  private static String xxh64(Path file) throws IOException {
    try (StreamingXXHash64 hash = XXHashFactory.safeInstance().newStreamingHash64(0)) {
      read(file, hash::update);
      return HexFormat.of().toHexDigits(hash.getValue());
    }
  }

  private interface Part {
    void update(byte[] bytes, int from, int length);
  }

  private static void read(Path file, Part part) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) part.update(buffer, 0, n);
    }
  }
}
