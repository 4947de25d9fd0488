package dev.mixwell.mixer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of MIXERS.md and the mixers that there are. */
class MixersPageTest {
  private static final Path PAGE = Path.of("MIXERS.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|.*$");

  @Test
  void everyMixerHasItsRowAndEveryParameterIsNamedInIt() throws IOException {
    var rows = new TreeMap<String, String>();
    ROW.matcher(Files.readString(PAGE)).results().forEach(m -> rows.put(m.group(1), m.group()));
    var missing = new ArrayList<String>();
    for (MixerFactory factory : ServiceLoader.load(MixerFactory.class)) {
      if (!MixersUnderTest.shipped().contains(factory.name())) continue;
      String row = rows.remove(factory.name());
      if (row == null) {
        missing.add("server/MIXERS.md has no row of the mixer `%s`".formatted(factory.name()));
        continue;
      }
      if (row.contains("see `")) continue; // the page that it names has the parameters
      for (String parameter : factory.parameters())
        if (!row.contains("`" + parameter + "`"))
          missing.add(
              "server/MIXERS.md: the row of `%s` does not name its parameter `%s`"
                  .formatted(factory.name(), parameter));
    }
    assertEquals(List.of(), missing);
    assertTrue(rows.isEmpty(), "server/MIXERS.md has rows of mixers that there are not: " + rows);
  }
}
