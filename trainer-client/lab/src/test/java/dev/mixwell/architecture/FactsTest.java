package dev.mixwell.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must be the same everywhere stands in one file; a second copy would drift. */
class FactsTest {
  /**
   * @param what it is, for the message
   * @param text that a copy of it has
   * @param place the one file that may have the text, and which all others use
   */
  record Fact(String what, Pattern text, Path place) {
    Fact(String what, String regex, String place) {
      this(what, Pattern.compile(regex), Path.of("..", "..", place));
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Fact> facts() {
    String base = "api-spec/src/main/java/dev/mixwell/base/";
    return Stream.of(
        new Fact(
            "the mixing function of SplitMix64",
            "(?i)0xbf58476d1ce4e5b9",
            base + "SplitMix64.java"),
        new Fact(
            "what a run may be called",
            "\\[A-Za-z0-9_-]\\[A-Za-z0-9_\\.-]",
            "api-spec/src/main/java/dev/mixwell/api/RunName.java"),
        new Fact(
            "the largest window of zstd",
            "setLongMax",
            "indexer/src/main/java/dev/mixwell/compress/Compression.java"),
        new Fact("a SHA-256", "getInstance\\(\\s*\"SHA-256\"", base + "Sha256.java"),
        new Fact(
            "the forcing of a closed file or a directory",
            "StandardOpenOption\\.(READ|WRITE)\\)\\)\\s*\\{\\s*\\w+\\.force\\(",
            base + "ForcedFiles.java"));
  }

  @ParameterizedTest
  @MethodSource("facts")
  void aFactStandsInOnePlace(Fact fact) throws IOException {
    var found = new ArrayList<Path>();
    for (Path file : Sources.in("src/main/java"))
      if (fact.text.matcher(Files.readString(file)).find()) found.add(file);
    assertEquals(
        List.of(fact.place),
        found,
        fact.what + " stands in " + fact.place + " alone: use that one");
  }
}
