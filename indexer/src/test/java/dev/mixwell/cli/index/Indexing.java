package dev.mixwell.cli.index;

import dev.mixwell.cli.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** The command {@code mixwell index} in this process, and as a process of its own. */
public final class Indexing {
  private Indexing() {}

  public static void main(String[] arguments) {
    new Program(new IndexCommand()).runAndExit(words((Object[]) arguments));
  }

  /** Runs it and returns the exit status; what it prints is dropped. */
  public static int run(Object... arguments) {
    return run(new StringWriter(), new StringWriter(), arguments);
  }

  static int run(Writer out, Writer err, Object... arguments) {
    return new Program(new IndexCommand())
        .writing(new PrintWriter(out, true), new PrintWriter(err, true))
        .run(words(arguments));
  }

  private static String[] words(Object... arguments) {
    var words = new ArrayList<>(List.of("index"));
    for (Object argument : arguments) words.add(argument.toString());
    return words.toArray(String[]::new);
  }
}
