package dev.mixwell.tokenize;

import com.knuddels.jtokkit.api.EncodingType;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokenizers by name, and those of files. */
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
   * @param name one of {@link #names}, or the path of a Hugging Face {@code tokenizer.json} or of
   *     the folder it lies in
   * @throws Refusal bad-input for an unknown name, and for a file that is none
   */
  public static Tokenizer named(String name) {
    return named(name, null);
  }

  /**
   * As {@link #named(String)}.
   *
   * @param endOfDocument the id or the text of the token that ends documents, of a {@code
   *     tokenizer.json}; null where its names say it. The others have one of their own
   */
  public static Tokenizer named(String name, @Nullable String endOfDocument) {
    if (NAMES.contains(name) && endOfDocument != null)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "The tokenizer %s has an end of document of its own. Leave out %s, or name a tokenizer.json."
              .formatted(name, endOfDocument));
    return switch (name) {
      case ByteTokenizer.NAME -> new ByteTokenizer();
      case "r50k_base" -> new BytePairTokenizer(EncodingType.R50K_BASE, 50_257, 50_256);
      case "cl100k_base" -> new BytePairTokenizer(EncodingType.CL100K_BASE, 100_277, 100_257);
      case "o200k_base" -> new BytePairTokenizer(EncodingType.O200K_BASE, 200_019, 199_999);
      default -> FileTokenizer.of(TokenizerFile.read(file(name)), endOfDocument);
    };
  }

  private static Path file(String name) {
    try {
      Path path = Path.of(name);
      Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
      if (!name.isBlank() && Files.exists(file)) return file;
    } catch (InvalidPathException e) {
      // nor is it a name
    }
    throw new Refusal(
        ProblemType.BAD_INPUT,
        "There is no tokenizer \"%s\", nor a file; take one of %s, or the path of a Hugging Face tokenizer.json."
            .formatted(name, String.join(", ", NAMES)));
  }
}
