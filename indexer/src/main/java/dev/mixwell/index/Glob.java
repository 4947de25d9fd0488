package dev.mixwell.index;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names by a pattern: {@code *} stands for any characters, {@code ?} for one. */
record Glob(String text, Pattern pattern) implements Predicate<String> {
  private static final Pattern WILD = Pattern.compile("[*?]");

  static Glob of(String text) {
    var regex = new StringBuilder();
    var matcher = WILD.matcher(text);
    int from = 0;
    while (matcher.find()) {
      regex.append(Pattern.quote(text.substring(from, matcher.start())));
      regex.append(matcher.group().equals("*") ? ".*" : ".");
      from = matcher.end();
    }
    String whole = regex.append(Pattern.quote(text.substring(from))).toString();
    return new Glob(text, Pattern.compile(whole, Pattern.DOTALL));
  }

  @Override
  public boolean test(String name) {
    return pattern.matcher(name).matches();
  }
}
