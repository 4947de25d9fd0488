package dev.mixwell.demo;

import dev.mixwell.demo.Cleaning.Piece;
import dev.mixwell.demo.Document.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the corpus of {@code docs/corpus}, which the README's walk indexes: four groups of half a
 * megabyte each, from jars of the demo. Only texts that anybody may pass on are taken, and Java
 * files keep their opening licence comments. The same jars give the same files, byte for byte.
 */
final class ShippedCorpus {
  private static final int GROUP_BYTES = 512 << 10;
  private static final int MIN_LENGTH = 200;
  private static final int MAX_LENGTH = 16_000;
  private static final int DICTIONARY_PAGE = 1_500;
  private static final int BOOK_PAGE = 3_000;
  private static final String APACHE = "Apache-2.0";

  private final Path jars;
  private final List<Document> documents = new ArrayList<>();

  private ShippedCorpus(Path jars) {
    this.jars = jars;
  }

  /**
   * @param arguments the folder to write, {@code docs/corpus}, and one that keeps the jars
   */
  public static void main(String... arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    var corpus = new ShippedCorpus(Path.of(arguments[1]));
    Jars.fetch(List.of(Jar.GUAVA, Jar.CAMEL, Jar.WORDNET, Jar.BOOKS), corpus.jars);
    corpus.readCode();
    corpus.readDocumentation();
    corpus.readDictionary();
    corpus.readBooks();
    for (String group : List.of("code", "docs", "dictionary", "prose"))
      write(folder.resolve(group + ".jsonl.gz"), corpus.chosen(group));
  }

  private void readCode() throws IOException {
    Jar.GUAVA.read(
        jars,
        "(?<!package-info)\\.java$",
        file -> add(new Origin("code", Jar.GUAVA, file.name(), "java", APACHE), file.text()));
  }

  private void readDocumentation() throws IOException {
    Jar.CAMEL.read(
        jars,
        "/docs/.*\\.adoc$",
        file -> add(new Origin("docs", Jar.CAMEL, file.name(), "en", APACHE), file.text()));
  }

  private void readDictionary() throws IOException {
    var entries = new ArrayList<Piece>();
    Jar.WORDNET.read(
        jars,
        "wn31/data\\.(noun|verb|adj|adv)$",
        file -> {
          String name = file.name().substring(file.name().lastIndexOf('/') + 1);
          for (String line : file.text().lines().filter(WordNet::isEntry).toList())
            entries.add(new Piece(name + "#" + WordNet.offset(line), WordNet.entry(line)));
        });
    for (Piece page : Cleaning.join(entries, DICTIONARY_PAGE))
      add(
          new Origin("dictionary", Jar.WORDNET, page.label(), "en", "WordNet-3.1"),
          page.text().replace("\n\n", "\n"));
  }

  private void readBooks() throws IOException {
    Jar.BOOKS.read(
        jars,
        "^(dickens|shakes)\\.txt$",
        file -> {
          for (Piece page : Cleaning.cut(Cleaning.tidy(file.text()), BOOK_PAGE)) {
            String path = file.name() + "#" + page.label();
            add(new Origin("prose", Jar.BOOKS, path, "en", "public domain"), page.text());
          }
        });
  }

  private void add(Origin from, String text) {
    String tidy = Cleaning.tidy(text);
    int length = Cleaning.length(tidy);
    if (length >= MIN_LENGTH && length <= MAX_LENGTH) documents.add(Document.of(from, tidy));
  }

  /** The group's first documents by id, which is a fixed order like a shuffle. */
  private List<Document> chosen(String group) {
    var chosen = new ArrayList<Document>();
    long bytes = 0;
    var all = documents.stream().filter(d -> d.group().equals(group));
    for (Document next : all.sorted(Comparator.comparing(Document::id)).toList()) {
      bytes += next.text().getBytes(StandardCharsets.UTF_8).length;
      if (bytes > GROUP_BYTES) break;
      chosen.add(next);
    }
    return chosen;
  }

  private static void write(Path file, List<Document> documents) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
      for (Document document : documents)
        out.write(document.line().getBytes(StandardCharsets.UTF_8));
    }
  }
}
