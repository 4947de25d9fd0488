package dev.mixwell.tokenize;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The token that ends documents, of those that a {@code tokenizer.json} adds. The file does not say
 * which one it is: that is stated, or one has a name that is known for it.
 */
record EndOfDocument(TokenizerFile file, @Nullable String stated) {
  /** Those that pretrained models were trained with; a chat's turns end with others. */
  private static final List<String> NAMES =
      List.of(
          "<|endoftext|>",
          "<|end_of_text|>",
          "</s>",
          "<eos>",
          "<EOS>",
          "[EOS]",
          "<|eos|>",
          "<\uFF5Cend\u2581of\u2581sentence\uFF5C>");

  /** Of files that have none of the others. */
  private static final String END_OF_TURN = "<|eot_id|>";

  private static final int MAX_LISTED = 20;

  /** Its id; null if that is not clear. */
  @Nullable Integer id() {
    List<TokenizerFile.Added> fitting = fitting();
    return fitting.size() == 1 ? fitting.getFirst().id() : null;
  }

  private List<TokenizerFile.Added> fitting() {
    String wanted = stated;
    if (wanted != null)
      return file.added().stream()
          .filter(t -> t.content().equals(wanted) || Integer.toString(t.id()).equals(wanted))
          .toList();
    var known = file.added().stream().filter(t -> NAMES.contains(t.content())).toList();
    return known.isEmpty()
        ? file.added().stream().filter(t -> t.content().equals(END_OF_TURN)).toList()
        : known;
  }

  /** Why it is not clear, and what to do. */
  Refusal unclear() {
    List<TokenizerFile.Added> found = fitting();
    String why;
    if (stated != null)
      why =
          found.isEmpty()
              ? "adds no token \"%s\"".formatted(stated)
              : "adds several tokens that \"%s\" may mean".formatted(stated);
    else if (found.isEmpty()) why = "does not say which token ends documents";
    else why = "has several tokens that end documents";
    return new Refusal(
        ProblemType.BAD_INPUT,
        "%s %s. Say which one by its id or its text with --eos: %s."
            .formatted(file.path(), why, listed(found.isEmpty() ? file.added() : found)));
  }

  private static String listed(List<TokenizerFile.Added> tokens) {
    if (tokens.isEmpty()) return "it adds none at all, so that no token can be one";
    String first =
        tokens.stream()
            .limit(MAX_LISTED)
            .map(t -> "%d %s".formatted(t.id(), t.content()))
            .collect(Collectors.joining(", "));
    int more = tokens.size() - MAX_LISTED;
    return more > 0 ? "%s and %,d more".formatted(first, more) : first;
  }
}
