package dev.mixwell.tokenize;

import com.knuddels.jtokkit.api.EncodingType;
import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.util.List;

/** The tokenizers by name. */
public final class Tokenizers {
  private static final List<String> NAMES =
      List.of(ByteTokenizer.NAME, "r50k_base", "cl100k_base", "o200k_base");

  private Tokenizers() {}

  public static List<String> names() {
    return NAMES;
  }

  /**
   * Makes a tokenizer; a large vocabulary takes about a second to load.
   *
   * @throws Refusal bad-input for an unknown name
   */
  public static Tokenizer named(String name) {
    return switch (name) {
      case ByteTokenizer.NAME -> new ByteTokenizer();
      case "r50k_base" -> new BytePairTokenizer(EncodingType.R50K_BASE, 50_257, 50_256);
      case "cl100k_base" -> new BytePairTokenizer(EncodingType.CL100K_BASE, 100_277, 100_257);
      case "o200k_base" -> new BytePairTokenizer(EncodingType.O200K_BASE, 200_019, 199_999);
      default ->
          throw new Refusal(
              ProblemType.BAD_INPUT,
              "There is no tokenizer \"%s\"; take one of %s."
                  .formatted(name, String.join(", ", NAMES)));
    };
  }
}
