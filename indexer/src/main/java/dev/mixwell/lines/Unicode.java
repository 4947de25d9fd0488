package dev.mixwell.lines;

/** JSON can escape half a surrogate pair, which no UTF-8 can hold. */
final class Unicode {
  private Unicode() {}

  /**
   * @throws dev.mixwell.base.Refusal bad-input if the text is not Unicode
   */
  static String checked(String text, String field, Place place) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) continue;
      boolean isPair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (!isPair)
        throw place.refused(
            "\"%s\" has half a surrogate pair (\\u%04x) at character %,d"
                .formatted(field, (int) c, i + 1),
            "Mend or remove the line.");
      i++;
    }
    return text;
  }
}
