package dev.mixwell.verify.formats;

import dev.mixwell.base.Refusal;
import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mixwell verify-formats}: adopts a directory of samples, and prints a line a case. */
@Command(
    name = "verify-formats",
    mixinStandardHelpOptions = true,
    description = {
      "Adopts samples of token shards and compares every document with what is expected."
    },
    footer = {
      "",
      "Examples:",
      "  mixwell verify-formats samples",
      "  mixwell verify-formats samples/broken --json",
      "",
      "A case is a folder (of any depth) with the files as their writer left them and an",
      "expected.json: format, dtype, vocab_size, eos_id, bos_id and what else a user would state",
      "(token_column, text_field, split, label_mask_files); documents, the ids or texts of each in",
      "order, null for a row without one. A case with \"broken\" in place of documents passes if it",
      "is refused, or adopted with a warning; so do multimodal sequences, lists with null ids and",
      "data sets without a document, which are not served.",
      "Exit status: 0 all pass; 1 one fails or cannot be read; 2 there is none."
    })
public final class VerifyFormatsCommand implements Callable<Integer> {
  private static final int MAX_DEPTH = 4;

  @Parameters(paramLabel = "DIR", description = "Directory of cases.")
  private Path directory = Path.of(".");

  @Mixin private JsonOption json = new JsonOption();

  /** All cases, for programs. */
  private record Facts(int passed, int failed, List<CaseFacts> cases) {}

  /**
   * A case.
   *
   * @param outcome what was found, or what is wrong
   */
  private record CaseFacts(String name, boolean passed, String outcome) {
    void print(PrintWriter out) {
      out.printf("%s  %s  %s%n", passed ? "ok" : "FAILED", name, outcome);
      out.flush();
    }
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(directory))
      throw new CommandFailed(Program.REFUSED, directory + " is no directory. Check the path.");
    List<Path> folders = folders();
    if (folders.isEmpty())
      throw new CommandFailed(
          Program.REFUSED,
          "There is no folder with an %s in %s. Name a directory of cases."
              .formatted(FormatCase.FILE, directory));
    var cases = new ArrayList<CaseFacts>();
    for (Path folder : folders) {
      cases.add(verify(folder));
      cases.getLast().print(json.remarks());
    }
    int passed = (int) cases.stream().filter(CaseFacts::passed).count();
    int failed = cases.size() - passed;
    json.print(
        new Facts(passed, failed, cases),
        out -> out.println(passed + " passed, " + failed + " failed"));
    return failed == 0 ? Program.DONE : Program.FAILED;
  }

  private List<Path> folders() throws IOException {
    try (var tree = Files.walk(directory, MAX_DEPTH)) {
      return tree.filter(f -> f.endsWith(FormatCase.FILE)).map(Path::getParent).sorted().toList();
    }
  }

  private CaseFacts verify(Path folder) {
    String name = directory.relativize(folder).toString();
    try {
      return new CaseFacts(name, true, FormatReplay.of(FormatCase.read(folder)));
    } catch (IOException | IllegalArgumentException | Refusal e) {
      return new CaseFacts(name, false, String.valueOf(e.getMessage()));
    }
  }
}
