package dev.mixwell.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LineReaderTest {
  @TempDir Path directory;

  @Test
  void linesAreThoseBetweenLineFeedsWithTheirNumbers() throws IOException {
    for (int seed = 0; seed < 100; seed++) {
      var random = new SplittableRandom(seed);
      var content = new StringBuilder();
      for (int n = random.nextInt(20); n > 0; n--)
        content
            .append("x".repeat(random.nextInt(3) == 0 ? random.nextInt(200_000) : 0))
            .append(" \r".repeat(random.nextInt(2)))
            .append(random.nextInt(8) == 0 ? "" : "\n");
      Path file = Files.writeString(directory.resolve(seed + ".jsonl"), content);
      var expected = new ArrayList<String>();
      String[] lines = content.toString().split("\n", -1);
      for (int i = 0; i < lines.length; i++)
        if (!lines[i].isBlank()) expected.add((i + 1) + ":" + lines[i]);
      assertEquals(expected, read(file), "seed " + seed);
    }
  }

  private static ArrayList<String> read(Path file) throws IOException {
    var found = new ArrayList<String>();
    try (var reader = new LineReader(file)) {
      for (Line line = reader.next(); line != null; line = reader.next())
        found.add(line.place().line() + ":" + new String(line.utf8(), StandardCharsets.UTF_8));
      assertEquals(Files.size(file), reader.readBytes());
    }
    return found;
  }
}
