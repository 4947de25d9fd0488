package dev.mixwell.api;

import java.util.regex.Pattern;

/** What a run may be called: its name is a folder of the server's and a part of its addresses. */
public final class RunName {
  /** A regular expression, for whatever language a client is written in. */
  public static final String PATTERN = "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}";

  /** What {@link #PATTERN} says, for a message about a name that does not match. */
  public static final String RULE = "use 1 to 100 of A-Z a-z 0-9 _ - . and no leading dot";

  private static final Pattern COMPILED = Pattern.compile(PATTERN);

  private RunName() {}

  public static boolean isValid(String name) {
    return COMPILED.matcher(name).matches();
  }
}
