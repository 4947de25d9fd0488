package dev.mixwell.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.IntArrayList;
import dev.mixwell.base.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenizersTest {
  @ParameterizedTest
  @CsvSource({
    "byte, 104 105",
    "r50k_base, 31373 995",
    "cl100k_base, 15339 1917",
    "o200k_base, 24912 2375"
  })
  void idsAreThoseOfThePublishedVocabulary(String name, String ids) {
    String text = name.equals("byte") ? "hi" : "hello world";
    int[] expected = Arrays.stream(ids.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertArrayEquals(expected, Tokenizers.named(name).encode(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"r50k_base", "cl100k_base", "o200k_base"})
  void anyTextComesBackAndNoIdIsSpecial(String name) {
    var tokenizer = Tokenizers.named(name);
    var encoding = Encodings.newLazyEncodingRegistry().getEncoding(name).orElseThrow();
    for (int seed = 0; seed < 50; seed++) {
      String text = randomText(new SplittableRandom(seed)) + " <|endoftext|><|endofprompt|>";
      int[] ids = tokenizer.encode(text);
      var list = new IntArrayList(ids.length);
      for (int id : ids) {
        assertTrue(id >= 0 && id < tokenizer.vocabularySize(), "seed " + seed);
        assertTrue(id != tokenizer.endOfDocument(), "seed " + seed);
        list.add(id);
      }
      byte[] back = encoding.decodeBytes(list);
      assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), back, "seed " + seed);
      assertEquals(text, tokenizer.decode(ids), "seed " + seed);
    }
  }

  @Test
  void endOfDocumentIsTheEndOfTextToken() {
    for (String name : new String[] {"r50k_base", "cl100k_base", "o200k_base"}) {
      var encoding = Encodings.newLazyEncodingRegistry().getEncoding(name).orElseThrow();
      var end = new IntArrayList(1);
      end.add(Tokenizers.named(name).endOfDocument());
      assertEquals("<|endoftext|>", encoding.decode(end));
    }
  }

  @Test
  void bytesAreTheUtf8OfTheText() {
    assertArrayEquals(new int[] {0xE2, 0x82, 0xAC, 0}, Tokenizers.named("byte").encode("€\0"));
  }

  @Test
  void bytesAreReadBackAsFarAsTheyAreText() {
    var tokenizer = Tokenizers.named("byte");
    assertEquals("€a", tokenizer.decode(tokenizer.encode("€a")));
    assertEquals("a\uFFFD", tokenizer.decode(new int[] {'a', 0xE2, 0x82}));
    assertThrows(
        IllegalArgumentException.class,
        () -> tokenizer.decode(new int[] {tokenizer.endOfDocument()}));
  }

  @Test
  void unknownNameIsRefusedNamingTheKnownOnes() {
    var refusal = assertThrows(Refusal.class, () -> Tokenizers.named("gpt2"));
    assertTrue(refusal.detail().contains("gpt2") && refusal.detail().contains("cl100k_base"));
    for (String name : Tokenizers.names()) assertEquals(name, Tokenizers.named(name).name());
  }

  private static String randomText(SplittableRandom random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(200); i > 0; i--) {
      int point = random.nextInt(4) == 0 ? random.nextInt(0x110000) : 32 + random.nextInt(95);
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
        text.appendCodePoint(point);
    }
    return text.toString();
  }
}
