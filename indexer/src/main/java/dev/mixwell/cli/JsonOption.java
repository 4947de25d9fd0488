package dev.mixwell.cli;

import dev.mixwell.base.Json;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The option {@code --json} of commands that print facts: with it one JSON object stands on
 * standard output, and nothing else.
 */
public final class JsonOption {
  @Option(
      names = "--json",
      description = "Print one JSON object on standard output, and all else on standard error.")
  private boolean isWanted;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Prints facts: as JSON if that is wanted, else as {@code text} writes them. */
  public void print(Object facts, Consumer<PrintWriter> text) {
    PrintWriter out = command().commandLine().getOut();
    if (isWanted) out.println(Json.writePretty(facts));
    else text.accept(out);
    out.flush();
  }

  /** Where lines go that are told on the way to the facts. */
  public PrintWriter remarks() {
    return isWanted ? command().commandLine().getErr() : command().commandLine().getOut();
  }

  private CommandSpec command() {
    return Objects.requireNonNull(command, "an option of a command");
  }
}
