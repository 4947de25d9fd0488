package dev.mixwell.cli.index;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names by a pattern: {@code *} stands for any characters, {@code ?} for one. */
record Glob(String text, Pattern pattern) implements Predicate<String> {
  private static final Pattern WILD = Pattern.compile("[*?]");

  static Glob of(String text) {
    return new Glob(text, Pattern.compile(regex(text), Pattern.DOTALL));
  }

  /** Of paths, which may have any folders in front. */
  static Glob below(String text) {
    return new Glob(text, Pattern.compile("(?:.*/)?" + regex(text), Pattern.DOTALL));
  }

  private static String regex(String text) {
    var regex = new StringBuilder();
    var matcher = WILD.matcher(text);
    int from = 0;
    while (matcher.find()) {
      regex.append(Pattern.quote(text.substring(from, matcher.start())));
      regex.append(matcher.group().equals("*") ? ".*" : ".");
      from = matcher.end();
    }
    return regex.append(Pattern.quote(text.substring(from))).toString();
  }

  @Override
  public boolean test(String name) {
    return pattern.matcher(name).matches();
  }
}
