package dev.mixwell.demo;

import dev.mixwell.api.RunSpec;
import dev.mixwell.launch.Launcher;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The demo's text as an index, made once in a directory. */
public final class DemoIndex {
  /** Where it is kept unless somebody says otherwise; relative to where a command is started. */
  public static final Path DIRECTORY = Path.of("demo-data");

  private DemoIndex() {}

  /** Its groups: one query each. */
  public static List<RunSpec.Group> groups() {
    return DemoCorpus.GROUPS.stream()
        .map(name -> new RunSpec.Group(name, "group:" + name))
        .toList();
  }

  /**
   * Fetches and indexes the text, where that is not done.
   *
   * @param out is told what is done, a line at a time
   * @param task for what is told: who wants the index
   * @return the index
   */
  public static Path prepare(Path directory, Launcher launcher, String task, PrintWriter out)
      throws IOException, InterruptedException {
    Consumer<String> progress = line -> say(task, line, out);
    Path index = directory.resolve("index");
    if (Files.exists(index.resolve("manifest.json"))) {
      progress.accept("the index is there: " + index);
      return index;
    }
    Path corpus = directory.resolve("corpus");
    Files.createDirectories(corpus);
    List<DemoCorpus.GroupFile> files =
        DemoCorpus.build(corpus, directory.resolve("jars"), progress);
    var arguments = new ArrayList<String>();
    arguments.add("index");
    for (DemoCorpus.GroupFile file : files) arguments.add(file.file().toString());
    arguments.addAll(List.of("--out", index.toString(), "--tokenizer", "byte"));
    progress.accept("indexing");
    launcher.run(arguments, out);
    return index;
  }

  private static void say(String task, String line, PrintWriter out) {
    out.println(task + ": " + line);
    out.flush();
  }
}
