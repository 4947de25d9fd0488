package dev.mixwell.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** All commands together: what each of them must have. */
class LabProgramTest {
  private static final Path HOME = Path.of("..", "..");

  /** Commands that print no facts: they serve, print a script, or group others. */
  private static final Set<String> WITHOUT_FACTS =
      Set.of("groups", "serve", "completion", "test", "soak", "fuzz", "bench", "format");

  @TempDir Path directory;

  private record Ended(int status, String out, String err) {}

  private static Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int status =
        LabProgram.program().writing(new PrintWriter(out), new PrintWriter(err)).run(arguments);
    return new Ended(status, out.toString(), err.toString());
  }

  private static List<CommandLine> all(CommandLine command) {
    var all = new ArrayList<>(List.of(command));
    for (CommandLine below : command.getSubcommands().values()) all.addAll(all(below));
    return all;
  }

  private static String[] words(CommandLine command, String last) {
    String name = command.getCommandSpec().qualifiedName();
    var words = new ArrayList<>(List.of(name.split(" ", -1)));
    words.removeFirst();
    words.add(last);
    return words.toArray(String[]::new);
  }

  @Test
  void everyCommandHasHelpWithExamplesAndSaysTheVersion() {
    for (CommandLine command : all(LabProgram.program().model())) {
      String name = command.getCommandSpec().qualifiedName();
      Ended help = run(words(command, "--help"));
      assertEquals(0, help.status, name);
      assertTrue(help.out.contains("Example"), name + " --help has no example:\n" + help.out);
      assertTrue(help.out.startsWith("Usage: " + name), help.out);
      Ended version = run(words(command, "--version"));
      assertEquals(0, version.status, name);
      assertTrue(version.out.startsWith("Mixwell"), name + " --version: " + version.out);
    }
  }

  @Test
  void everyCommandThatPrintsFactsTakesJson() {
    for (CommandLine command : all(LabProgram.program().model())) {
      String name = command.getCommandName();
      if (command.getParent() == null || WITHOUT_FACTS.contains(name)) continue;
      assertTrue(
          command.getCommandSpec().optionsMap().containsKey("--json"),
          name + " prints facts, so it needs a @Mixin JsonOption");
    }
  }

  @Test
  void aWrongOptionIsToldInTwoLinesByEveryCommand() {
    for (CommandLine command : all(LabProgram.program().model())) {
      if (command.getCommandSpec().userObject() instanceof ScriptCommand) continue;
      Ended wrong = run(words(command, "--jsonn"));
      assertEquals(2, wrong.status, wrong.err);
      assertEquals(2, wrong.err.lines().count(), wrong.err);
      assertTrue(wrong.err.contains("There is no option --jsonn; did you mean --"), wrong.err);
      assertEquals("", wrong.out);
    }
  }

  /** The launcher shows this file before there is a build. */
  @Test
  void helpBeforeABuildIsTheProgramsOwn() throws IOException {
    assertEquals(
        run("--help").out,
        Files.readString(HOME.resolve("dev/help.txt")),
        "./mixwell --help has changed: write it to dev/help.txt, too");
  }

  @Test
  void scriptsOfDevelopersAreOnesThatAreThere() throws IOException {
    for (CommandLine command : all(LabProgram.program().model())) {
      if (!(command.getCommandSpec().userObject() instanceof ScriptCommand)) continue;
      Path script = HOME.resolve("dev").resolve(command.getCommandName());
      assertTrue(Files.isExecutable(script), script + " is missing");
      Ended here = run(command.getCommandName(), "anything", "--at", "all");
      assertEquals(2, here.status);
      assertTrue(here.err.contains("./mixwell " + command.getCommandName()), here.err);
      assertTrue(
          Files.readString(script).lines().count() < 120, script + " is as long as the launcher");
    }
  }

  @Test
  void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
    assertEquals(List.of("index"), completed("bash", "in"));
    assertEquals(
        List.of("verify-run", "verify-mixers", "verify-formats"), completed("bash", "verify-"));
    assertEquals(List.of("adopt"), completed("bash", "index", "ad"));
    assertEquals(List.of("--lookahead"), completed("bash", "simulate", "--look"));
    assertEquals(List.of("bash", "zsh"), completed("bash", "completion", ""));
  }

  @Test
  void zshReadsTheScript() throws IOException, InterruptedException {
    Path script = Files.writeString(directory.resolve("zsh"), run("completion", "zsh").out);
    assertTrue(Files.readString(script).contains("bashcompinit"));
    Process zsh;
    try {
      zsh =
          new ProcessBuilder("zsh", "-f", "-c", "source " + script + " && print ${_comps[mixwell]}")
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      return; // there is no zsh here
    }
    String said = new String(zsh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, zsh.waitFor(), said);
    assertFalse(said.isBlank(), "nothing completes mixwell");
  }

  /** What the shell offers for the last word. */
  private List<String> completed(String shell, String... words)
      throws IOException, InterruptedException {
    Path script = Files.writeString(directory.resolve(shell), run("completion", shell).out);
    String line = "mixwell " + String.join(" ", words);
    String asked =
        """
        source %s
        COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=${#COMP_LINE}
        complete -p mixwell >/dev/null || exit 3
        $(complete -p mixwell | sed -E 's/.*-F ([^ ]+).*/\\1/') 2>/dev/null
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(
                script, line + (words[words.length - 1].isEmpty() ? "''" : ""), words.length, line);
    Process process =
        new ProcessBuilder("bash", "--norc", "-c", asked).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return Arrays.stream(said.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
  }
}
