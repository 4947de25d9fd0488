package dev.mixwell.cli;

import dev.mixwell.base.Nearest;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is said when a command cannot do its work: a sentence on standard error that names the
 * command, and an exit status. Never a stack trace, unless somebody asked for it; that of a bug is
 * written to a file.
 */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final int MAX_MISTAKE_CHARS = 500;

  private final boolean showsStackTrace;

  private record Outcome(int status, String sentence) {}

  Failures(boolean showsStackTrace) {
    this.showsStackTrace = showsStackTrace;
  }

  /** The command with those it belongs to, such as {@code mixwell index stats}. */
  static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(name(command) + ": " + what(mistake, arguments));
    err.println("See `" + name(command) + " --help`.");
    if (showsStackTrace) mistake.printStackTrace(err);
    err.flush();
    return Program.REFUSED;
  }

  private static String what(ParameterException mistake, String[] arguments) {
    if (mistake instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst().split("=", 2)[0];
      return word.startsWith("-") ? noOption(word, mistake) : noCommand(word, mistake);
    }
    if (mistake instanceof MissingParameterException) {
      String word = unknownOption(mistake.getCommandLine(), arguments);
      if (word != null) return noOption(word, mistake); // what is missing may stand behind it
    }
    String message = String.valueOf(mistake.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    return message.length() <= MAX_MISTAKE_CHARS
        ? message
        : message.substring(0, MAX_MISTAKE_CHARS) + " ...";
  }

  /** The first argument that looks like an option and is none; null without. */
  private static @Nullable String unknownOption(CommandLine command, String[] arguments) {
    for (String argument : arguments) {
      if (argument.equals("--")) return null;
      String word = argument.split("=", 2)[0];
      boolean isKnown = !word.startsWith("--");
      for (CommandLine at = command; at != null; at = at.getParent())
        isKnown |= at.getCommandSpec().optionsMap().containsKey(word);
      if (!isKnown) return word;
    }
    return null;
  }

  private static String noOption(String word, ParameterException mistake) {
    var known = new ArrayList<String>();
    for (OptionSpec option : mistake.getCommandLine().getCommandSpec().options())
      if (!option.hidden()) known.add(option.longestName());
    return "There is no option %s; did you mean %s?".formatted(word, Nearest.of(word, known));
  }

  private static String noCommand(String word, ParameterException mistake) {
    CommandLine command = mistake.getCommandLine();
    List<String> known = List.copyOf(command.getSubcommands().keySet());
    if (known.isEmpty()) return "There is no place for \"%s\" among the arguments.".formatted(word);
    return "There is no command %s; did you mean %s?".formatted(word, Nearest.of(word, known));
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    return report(failure, command);
  }

  /** Says what has happened, and returns the exit status. */
  int report(Throwable failure, CommandLine command) {
    PrintWriter err = command.getErr();
    Outcome outcome = outcome(failure, command);
    err.println(name(command) + ": " + outcome.sentence);
    if (showsStackTrace) failure.printStackTrace(err);
    err.flush();
    return outcome.status;
  }

  private Outcome outcome(Throwable failure, CommandLine command) {
    if (command.getCommand() instanceof Interruptible && Interruption.hasBegun())
      return interrupted(command);
    return switch (failure) {
      case CommandFailed failed ->
          new Outcome(failed.status(), String.valueOf(failed.getMessage()));
      case Refusal refusal ->
          new Outcome(isOfServers(refusal) ? Program.FAILED : Program.REFUSED, refusal.detail());
      case InterruptedException _, CancellationException _, ClosedByInterruptException _ ->
          interrupted(command);
      case InterruptedIOException e when !(e instanceof SocketTimeoutException) ->
          interrupted(command);
      case UncheckedIOException e when isSentence(e) ->
          new Outcome(Program.FAILED, e.getMessage() + "." + whatIsLeft(command));
      case UncheckedIOException e -> outcome(cause(e), command);
      case IOException e ->
          IoSentence.isOfInput(e)
              ? new Outcome(Program.REFUSED, IoSentence.of(e))
              : new Outcome(Program.FAILED, IoSentence.of(e) + whatIsLeft(command));
      case InvalidPathException e ->
          new Outcome(
              Program.REFUSED,
              "The path \"%s\" cannot be written in this process's encoding. Set LC_ALL=C.UTF-8."
                  .formatted(e.getInput()));
      case OutOfMemoryError e ->
          new Outcome(
              Program.FAILED,
              "Java's memory is used up (%s). Give it more: JDK_JAVA_OPTIONS=-Xmx8g, say."
                  .formatted(e.getMessage()));
      default -> new Outcome(Program.FAILED, bug(failure));
    };
  }

  private static Outcome interrupted(CommandLine command) {
    return new Outcome(Program.INTERRUPTED, "interrupted." + whatIsLeft(command));
  }

  /** Whether it says more than its cause, such as which server did not answer. */
  private static boolean isSentence(UncheckedIOException e) {
    IOException cause = cause(e);
    return !(cause instanceof InterruptedIOException)
        && e.getMessage() != null
        && !e.getMessage().equals(cause.toString());
  }

  private static IOException cause(UncheckedIOException e) {
    IOException cause = e.getCause();
    return cause == null ? new IOException(e.getMessage()) : cause;
  }

  /** Whether what lies there is damaged or out of reach, and nobody's command line is to blame. */
  private static boolean isOfServers(Refusal refusal) {
    return refusal.type().status() >= 500;
  }

  private static String whatIsLeft(CommandLine command) {
    return command.getCommand() instanceof Interruptible tidy ? " " + tidy.whatIsLeft() : "";
  }

  private String bug(Throwable failure) {
    String what = "This is a bug in Mixwell: " + failure + ". ";
    if (showsStackTrace) return what + "Please report it with what follows.";
    try {
      Path file = Files.createTempFile("mixwell-bug-", ".txt");
      try (var trace = new PrintWriter(Files.newBufferedWriter(file))) {
        for (String line : new Version().getVersion()) trace.println(line);
        failure.printStackTrace(trace);
      }
      return what + "Please report it with " + file + ", which says where.";
    } catch (IOException e) {
      return what + "Please report it with what MIXWELL_STACK_TRACE=1 shows.";
    }
  }
}
