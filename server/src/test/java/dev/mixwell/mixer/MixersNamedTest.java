package dev.mixwell.mixer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where a mixer that ships is named: for the JVM, and for people; docs has its parameters. */
class MixersNamedTest {
  private static final Path SERVICES =
      Path.of("src/main/resources/META-INF/services/dev.mixwell.mixer.MixerFactory");
  private static final Pattern FACTORY =
      Pattern.compile("class (\\w+)[^{;]*? implements MixerFactory\\b");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

  @Test
  void everyFactoryIsAService() throws IOException {
    String services = Files.readString(SERVICES);
    for (Path source : sources())
      for (MatchResult factory : FACTORY.matcher(Files.readString(source)).results().toList()) {
        String file = source.getFileName().toString().replace(".java", "");
        String type = factory.group(1).equals(file) ? file : file + "$" + factory.group(1);
        assertTrue(
            services.lines().anyMatch(line -> line.endsWith("." + type)),
            "%s makes mixers, and has no line in server/%s".formatted(type, SERVICES));
      }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> tree = Files.walk(Path.of("src/main/java/dev/mixwell/mixer"))) {
      return tree.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  @Test
  void everyMixerHasItsRow() throws IOException {
    var rows = new TreeSet<String>();
    String page = Files.readString(Path.of("MIXERS.md"));
    ROW.matcher(page).results().forEach(row -> rows.add(row.group(1)));
    for (String name : MixersUnderTest.shipped())
      assertTrue(rows.remove(name), "server/MIXERS.md has no row of the mixer `" + name + "`");
    assertTrue(rows.isEmpty(), "server/MIXERS.md has rows of mixers that there are not: " + rows);
  }
}
