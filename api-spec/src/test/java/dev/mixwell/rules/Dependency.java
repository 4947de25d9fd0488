package dev.mixwell.rules;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** One class names another, in another package: as the JDK's {@code jdeps} finds it. */
record Dependency(String from, String to) {
  private static final Pattern LINE = Pattern.compile("(?m)^ {3}(\\S+) +-> (\\S+)");

  /** All of the classes below a folder. */
  static List<Dependency> of(Path classes) {
    if (!Files.isDirectory(classes))
      throw new IllegalStateException("no classes at " + classes + ": compile the module first");
    var out = new StringWriter();
    int status =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(out),
                "-verbose:class",
                "--ignore-missing-deps",
                "--multi-release",
                "base",
                classes.toString());
    if (status != 0) throw new IllegalStateException("jdeps: " + out);
    return LINE.matcher(out.toString())
        .results()
        .map(match -> new Dependency(match.group(1), match.group(2)))
        .toList();
  }

  /** The package of ours that depends, below dev.mixwell. */
  String user() {
    return below(from);
  }

  /** Whether the class that is used is one of ours. */
  boolean isOurs() {
    return to.startsWith("dev.mixwell.");
  }

  /** The package of ours that is used. */
  String used() {
    return below(to);
  }

  private static String below(String className) {
    int end = className.lastIndexOf('.');
    return end < "dev.mixwell.".length() ? "" : className.substring("dev.mixwell.".length(), end);
  }
}
