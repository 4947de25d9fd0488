package dev.mixwell.verify.formats;

import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Adopts a directory of samples and prints a line a case. The exit code is 1 if a case failed or
 * could not be read, 2 if there was none.
 */
@Command(
    name = "mixwell verify-formats",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Adopts samples of token shards and compares every document with what is expected;",
      "exit code 1 if one differs."
    },
    footer = {
      "",
      "Examples:",
      "  mixwell verify-formats samples",
      "  mixwell verify-formats samples/broken",
      "",
      "A case is a folder (of any depth) with the files as their writer left them and an",
      "expected.json: format, dtype, vocab_size, eos_id, bos_id and what else a user would state",
      "(token_column, text_field, split, label_mask_files); documents, the ids or texts of each in",
      "order, null for a row without one. A case with \"broken\" in place of documents passes if it",
      "is refused, or adopted with a warning; so do multimodal sequences, lists with null ids and",
      "data sets without a document, which are not served."
    })
public final class VerifyFormatsCommand implements Callable<Integer> {
  private static final int MAX_DEPTH = 4;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Directory of cases.")
  private Path directory = Path.of(".");

  @Override
  public Integer call() throws IOException {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    if (!Files.isDirectory(directory))
      throw new CommandLine.ParameterException(commandLine, directory + " is no directory");
    List<Path> cases = cases();
    if (cases.isEmpty())
      throw new CommandLine.ParameterException(
          commandLine, "There is no folder with an " + FormatCase.FILE + " in " + directory);
    int failed = 0;
    for (Path folder : cases) if (!verify(folder, out)) failed++;
    out.println((cases.size() - failed) + " passed, " + failed + " failed");
    out.flush();
    return failed == 0 ? 0 : 1;
  }

  private List<Path> cases() throws IOException {
    try (var tree = Files.walk(directory, MAX_DEPTH)) {
      return tree.filter(f -> f.endsWith(FormatCase.FILE)).map(Path::getParent).sorted().toList();
    }
  }

  private boolean verify(Path folder, PrintWriter out) {
    String name = directory.relativize(folder).toString();
    String outcome;
    boolean passed = false;
    try {
      FormatCase sample = FormatCase.read(folder);
      outcome = FormatReplay.of(sample);
      passed = true;
    } catch (IOException | IllegalArgumentException | Refusal e) {
      outcome = String.valueOf(e.getMessage());
    }
    out.printf("%s  %s  %s%n", passed ? "ok" : "FAILED", name, outcome);
    out.flush();
    return passed;
  }
}
