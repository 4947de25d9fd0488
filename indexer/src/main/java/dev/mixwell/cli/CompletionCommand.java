package dev.mixwell.cli;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixwell completion}: a script that lets a shell complete commands and options. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Prints a script that lets a shell complete commands, options and files.",
    footer = {
      "",
      "Examples:",
      "  source <(mixwell completion bash)             in bash, or in ~/.bashrc",
      "  source <(mixwell completion zsh)              in zsh, or in ~/.zshrc",
      "",
      "It completes `mixwell` and paths that end so, such as `./mixwell`."
    })
final class CompletionCommand implements Runnable {
  /** A shell that can read the script. */
  enum Shell {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.BASH;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    String script = AutoComplete.bash("mixwell", Objects.requireNonNull(command.getParent()));
    // The script sets up zsh's emulation of bash itself, but for what has to come before that.
    if (shell == Shell.ZSH) script = "autoload -Uz compinit && compinit -u\n" + script;
    command.getOut().println(script);
    command.getOut().flush();
  }
}
