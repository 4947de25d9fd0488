package dev.mixwell.demo;

import dev.mixwell.base.Json;
import dev.mixwell.demo.Cleaning.Piece;
import dev.mixwell.demo.Document.Origin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Where each group's text lies in the jars. The order matters: the first of two equal texts stays.
 */
record TextSources(Path jars, Documents documents) {
  private static final int MAX_SOURCE_BYTES = 300_000;
  private static final int MIN_DICTIONARY_PAGE = 1_500;
  private static final int BOOK_PAGE = 3_000;
  private static final String APACHE = "Apache-2.0";
  private static final String EUROPARL =
      "Europarl: no known copyright restriction (EP: reproduction with acknowledgement)";

  /** Other languages of the Parliament are left out. */
  private static final Map<String, String> GROUP_OF_LANGUAGE =
      Map.of(
          "de", "parl_germanic",
          "nl", "parl_germanic",
          "sv", "parl_germanic",
          "da", "parl_germanic",
          "fr", "parl_romance",
          "es", "parl_romance",
          "it", "parl_romance",
          "pt", "parl_romance",
          "ro", "parl_romance",
          "en", "prose_en");

  /** Reads one source into the documents. */
  interface Reading {
    void run() throws IOException;
  }

  record Source(String what, Reading reading) {}

  List<Source> all() {
    return List.of(
        new Source("Java sources", this::readJava),
        new Source("Scala sources", this::readScala),
        new Source("Camel's documentation", this::readDocumentation),
        new Source("WordNet", this::readDictionary),
        new Source("licence texts", this::readLicences),
        new Source("speeches of the European Parliament", this::readSpeeches),
        new Source("books", this::readBooks));
  }

  private void readJava() throws IOException {
    for (Jar jar : List.of(Jar.GUAVA, Jar.LUCENE)) {
      jar.read(
          jars,
          "(?<!package-info)\\.java$",
          file -> addSource(new Origin("code_java", jar, file.name(), "java", APACHE), file));
    }
  }

  private void readScala() throws IOException {
    for (Jar jar : List.of(Jar.SCALA_LIBRARY, Jar.SCALA_COMPILER)) {
      jar.read(
          jars,
          "\\.scala$",
          file -> addSource(new Origin("code_scala", jar, file.name(), "scala", APACHE), file));
    }
  }

  private void addSource(Origin origin, Jar.Member file) {
    if (file.content().length <= MAX_SOURCE_BYTES)
      documents.add(origin, Cleaning.withoutLicence(file.text()));
  }

  private void readDocumentation() throws IOException {
    Jar.CAMEL.read(
        jars,
        "/docs/.*\\.adoc$",
        file ->
            documents.add(
                new Origin("docs_en", Jar.CAMEL, file.name(), "en", APACHE),
                Cleaning.withoutCommentLines(file.text())));
  }

  private void readDictionary() throws IOException {
    var entries = new ArrayList<Piece>();
    Jar.WORDNET.read(
        jars,
        "wn31/data\\.(noun|verb|adj|adv)$",
        file -> {
          String name = file.name().substring(file.name().lastIndexOf('/') + 1);
          file.text()
              .lines()
              .filter(WordNet::isEntry)
              .forEach(
                  line ->
                      entries.add(
                          new Piece(name + "#" + WordNet.offset(line), WordNet.entry(line))));
        });
    for (Piece page : Cleaning.join(entries, MIN_DICTIONARY_PAGE))
      documents.add(
          new Origin("dictionary_en", Jar.WORDNET, page.label(), "en", "WordNet-3.1 (MIT-like)"),
          page.text().replace("\n\n", "\n"));
  }

  private void readLicences() throws IOException {
    Jar.SPDX.read(
        jars,
        "stdlicenses/[^/]+\\.json$",
        file -> {
          var entry = Json.read(file.content(), Map.class);
          if (!(entry.get("licenseText") instanceof String text)) return;
          String license = "licence text, list CC0/Apache-2.0";
          documents.add(new Origin("legal_en", Jar.SPDX, file.name(), "en", license), text);
        });
  }

  /** Lines of title, date and speech, told apart by tabs; two spaces stand for a new line. */
  private void readSpeeches() throws IOException {
    Jar.EUROPARL.read(
        jars,
        "europarl\\.lines\\.txt\\.gz$",
        file -> {
          String[] lines = gunzip(file.content()).split("\n", -1);
          for (int i = 0; i < lines.length; i++) {
            String[] fields = lines[i].split("\t", -1);
            if (fields.length >= 3)
              addSpeech(i, Cleaning.strip(fields[2]).replaceAll(" {2,}", "\n"));
          }
        });
  }

  private void addSpeech(int line, String speech) {
    String language = Language.of(speech);
    String group = GROUP_OF_LANGUAGE.get(language);
    if (group == null) return;
    documents.add(new Origin(group, Jar.EUROPARL, "europarl#" + line, language, EUROPARL), speech);
  }

  private void readBooks() throws IOException {
    Jar.BOOKS.read(
        jars,
        "^(dickens|shakes)\\.txt$",
        file -> {
          for (Piece page : Cleaning.cut(Cleaning.tidy(file.text()), BOOK_PAGE)) {
            String path = file.name() + "#" + page.label();
            String license = "public domain (Project Gutenberg text)";
            documents.add(new Origin("prose_en", Jar.BOOKS, path, "en", license), page.text());
          }
        });
  }

  private static String gunzip(byte[] compressed) {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
