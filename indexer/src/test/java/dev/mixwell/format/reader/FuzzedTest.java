package dev.mixwell.format.reader;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each parser on samples with a few bytes changed, cut out, put in or repeated. */
final class FuzzedTest {
  private static final int CHANGES = 6;

  private static final int LEAST_SEEDS = 3;

  static Stream<String> parsers() {
    return Arrays.stream(Fuzzed.class.getDeclaredClasses())
        .filter(target -> Modifier.isPublic(target.getModifiers()))
        .map(Class::getSimpleName)
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void anythingIsReadOrRefused(String parser) throws Exception {
    List<byte[]> seeds = FuzzSeeds.all().getOrDefault(parser, List.of());
    Method target =
        Class.forName(Fuzzed.class.getName() + "$" + parser)
            .getMethod("fuzzerTestOneInput", byte[].class);
    for (byte[] seed : seeds) run(target, seed);
    try (var proof = new Proof("damaged-formats", 1_000, 100_000)) {
      proof.check(
          parser + " has samples",
          () ->
              assertTrue(
                  seeds.size() >= LEAST_SEEDS,
                  "%s gives %d seeds of %s, and needs %d: add a line to all() there, and samples that it finds"
                      .formatted(
                          "indexer/src/test/java/dev/mixwell/format/reader/FuzzSeeds.java",
                          seeds.size(),
                          parser,
                          LEAST_SEEDS)));
      for (int number : proof.seeds()) {
        var random = new SplittableRandom(number);
        byte[] input = changed(seeds.get(random.nextInt(seeds.size())), random);
        proof.check(parser + " seed " + number, () -> run(target, input));
      }
    }
  }

  private static void run(Method target, byte[] input) throws Exception {
    try {
      target.invoke(null, (Object) input);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static byte[] changed(byte[] seed, SplittableRandom random) {
    byte[] bytes = seed.clone();
    for (int c = random.nextInt(1, CHANGES); c > 0 && bytes.length > 0; c--)
      bytes = changedOnce(bytes, random);
    return bytes;
  }

  private static byte[] changedOnce(byte[] bytes, SplittableRandom random) {
    // The beginning, where headers are, as often as all the rest.
    int at = random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length);
    byte[] next = bytes.clone();
    switch (random.nextInt(5)) {
      case 0 -> next[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> next[at] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt());
      case 2 -> next = Arrays.copyOf(bytes, at);
      case 3 -> { // a number of 32 bits
        int[] extremes = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, bytes.length};
        int number = extremes[random.nextInt(extremes.length)];
        for (int i = 0; i < 4 && at + i < next.length; i++) next[at + i] = (byte) (number >> 8 * i);
      }
      default -> {
        int length = Math.min(random.nextInt(1, 40), bytes.length - at);
        next = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, at, next, at + length, bytes.length - at);
      }
    }
    return next;
  }
}
