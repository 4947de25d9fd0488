package dev.mixwell.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * The program {@code mixwell}: the commands that a module gives it, under one policy for help,
 * versions, failures and interruption. Owned by one thread.
 */
@Command(
    name = "mixwell",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Serves mixed batches to language-model trainers and adapts the mixture while they train.",
    footer = {
      "",
      "Examples:",
      "  mixwell index corpus/*.jsonl.gz --out index --tokenizer cl100k_base",
      "  mixwell serve --index index --data runs",
      "  mixwell index adopt --help",
      "",
      "Exit status: 0 done; 1 failed, or a check found a difference; 2 wrong usage or input that is refused;",
      "130 interrupted. MIXWELL_STACK_TRACE=1 shows where in the code a failure comes from."
    })
public final class Program implements Runnable {
  /** The command was carried out, and what it checked is as it should be. */
  public static final int DONE = 0;

  /** The command failed, or what it checked is not as it should be. */
  public static final int FAILED = 1;

  /** The command line or the input cannot be used. */
  public static final int REFUSED = 2;

  /** Ctrl-C, or another signal that ends processes. */
  public static final int INTERRUPTED = 130;

  /** Set by the launcher where standard error is a terminal. */
  static final String TERMINAL_PROPERTY = "mixwell.terminal";

  private static final int HELP_COLUMNS = 100;

  private final CommandLine line;
  private final Failures failures;
  private @Nullable Interruption interruption; // while a command runs, and is reported on

  /**
   * @param commands objects with picocli's annotation, in the order of the help
   */
  public Program(Object... commands) {
    QuietLibraries.silence();
    failures = new Failures(System.getenv("MIXWELL_STACK_TRACE") != null);
    line = new CommandLine(this);
    for (Object command : commands) line.addSubcommand(command);
    line.addSubcommand(new CompletionCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures)
        .setExecutionStrategy(interruptible());
    frame(line);
  }

  /** Help and version look alike everywhere. */
  private static void frame(CommandLine command) {
    command.getCommandSpec().versionProvider(new Version());
    command.getCommandSpec().usageMessage().sortOptions(false);
    command.setUsageHelpWidth(HELP_COLUMNS);
    command.getSubcommands().values().forEach(Program::frame);
  }

  /** What the help of the whole program says below its commands. */
  public Program withFooter(List<String> lines) {
    line.getCommandSpec().usageMessage().footer(lines.toArray(String[]::new));
    return this;
  }

  /** Where the commands write; a program that is not told so writes on the process's own. */
  public Program writing(PrintWriter out, PrintWriter err) {
    line.setOut(out);
    line.setErr(err);
    return this;
  }

  /** Runs the command that the arguments name, and returns the exit status. */
  public int run(String... arguments) {
    try {
      return line.execute(arguments);
    } catch (Error e) { // picocli passes on what is no Exception
      return failures.report(e, line);
    } finally {
      line.getOut().flush();
      line.getErr().flush();
      if (interruption != null) interruption.close();
    }
  }

  /** Runs the command that the arguments name, and ends the process with its exit status. */
  public void runAndExit(String... arguments) {
    Locale.setDefault(Locale.ROOT); // a number looks the same wherever it is printed
    writing(utf8(FileDescriptor.out), utf8(FileDescriptor.err));
    System.exit(run(arguments));
  }

  /** The model of all commands, for tests that compare them. */
  public CommandLine model() {
    return line;
  }

  /** Without a command: the help. */
  @Override
  public void run() {
    line.usage(line.getOut());
  }

  private IExecutionStrategy interruptible() {
    var last = new RunLast();
    return (ParseResult parsed) -> {
      CommandLine command = parsed.asCommandLineList().getLast();
      interruption = new Interruption(command, Thread.currentThread());
      return last.execute(parsed);
    };
  }

  private static PrintWriter utf8(FileDescriptor stream) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(stream), StandardCharsets.UTF_8), true);
  }
}
