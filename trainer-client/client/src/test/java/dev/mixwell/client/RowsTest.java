package dev.mixwell.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowsTest {
  private static final String FACTS =
      "\"attempt\":\"2\",\"step\":\"7\",\"rank\":\"1\",\"groups\":\"[\\\"a\\\",\\\"b\\\"]\",\"mixer\":\"odm\",\"lossWeights\":\"[0.5,2.0]\"";

  @Test
  void narrowAndWideTokensReadBack() {
    int[][] tokens = {{0, 1, 65_535}, {40_000, 3, 2}};
    for (boolean wide : new boolean[] {false, true}) {
      Batch batch = Batch.parse(Bodies.body(FACTS, wide, tokens, new int[] {1, 0}), true);
      for (int r = 0; r < 2; r++)
        for (int i = 0; i < 3; i++) assertEquals(tokens[r][i], batch.rows().token(r, i));
      assertEquals(1, batch.rows().group(0));
      assertEquals(2, batch.rows().rowTokens());
      assertArrayEquals(new int[] {0, 2, 4}, batch.rows().boundaries());
      assertEquals(List.of("a", "b"), batch.groupNames());
      assertEquals(List.of(0.5, 2.0), batch.lossWeights());
      assertEquals(7, batch.step());
    }
  }

  @Test
  void theKindAwaitedIsReadOrAbsentAndAStrangeOneIsRefused() {
    for (FeedbackKind kind : FeedbackKind.values())
      assertEquals(kind, awaiting(",\"awaits\":\"" + kind.label() + "\"").awaits());
    assertNull(awaiting("").awaits());
    var strange =
        assertThrows(IllegalArgumentException.class, () -> awaiting(",\"awaits\":\"hessian\""));
    assertTrue(strange.getMessage().contains("`hessian`"), strange.getMessage());
  }

  private static Batch awaiting(String fact) {
    return Batch.parse(
        Bodies.body(FACTS + fact, false, new int[][] {{1, 2}}, new int[] {0}), false);
  }

  @Test
  void aGroupWithoutANameIsRefused() {
    byte[] body = Bodies.body(FACTS, false, new int[][] {{1, 2}}, new int[] {2});
    assertThrows(IllegalArgumentException.class, () -> Batch.parse(body, false));
  }

  @Test
  void damagedBodiesAreReadOrRefusedAndNothingElse() {
    byte[] whole = Bodies.body(FACTS, false, new int[][] {{1, 2, 3}, {4, 5, 6}}, new int[] {0, 1});
    for (int seed = 0; seed < 3_000; seed++) {
      var random = new SplittableRandom(seed);
      byte[] bytes =
          Arrays.copyOf(
              whole, random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length);
      for (int i = 0; i < 2 && bytes.length > 0; i++)
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        Rows.parse(bytes);
      } catch (IllegalArgumentException expected) {
        continue;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
