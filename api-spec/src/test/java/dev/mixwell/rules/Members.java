package dev.mixwell.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** What types declare, as their sources have it: a page may name a type that is built later. */
final class Members {
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");

  /** After a type: a method, a field, a component of a record. Words before a call are no type. */
  private static final String TYPED =
      "(?<![^\\w](?:return|throw|new|else|case|yield))(?<=[\\w>\\]?]) +%1$s *[(;=,)]";

  private static final String NESTED = "\\b(?:class|record|interface|enum) +%1$s\\b";
  private static final String CONSTANT = "(?m)^ +%1$s *[(,;]";

  private Members() {}

  /** Whether a type of ours has a member of that name, in any module; the type's simple name. */
  static boolean isDeclared(Module module, Layout layout, String type, String member)
      throws IOException {
    boolean isConstant = member.equals(member.toUpperCase(Locale.ROOT));
    var declaration =
        Pattern.compile(
            (TYPED + "|" + NESTED + (isConstant ? "|" + CONSTANT : ""))
                .formatted(Pattern.quote(member)));
    for (String other : layout.modules())
      for (var files : new Module(module.root(), other).mainPackages().values())
        for (Path file : files)
          if (file.endsWith(type + ".java")
              && declaration.matcher(COMMENT.matcher(Files.readString(file)).replaceAll("")).find())
            return true;
    return false;
  }
}
