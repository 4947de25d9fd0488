package dev.mixwell.mixer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of MIXERS.md and the mixers that there are; docs has their parameters. */
class MixersPageTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

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
