package dev.mixwell.simulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import dev.mixwell.cli.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimulateCommandTest {
  @TempDir Path directory;

  private record Ended(int status, String out, String err) {}

  private static Ended run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var words = new ArrayList<>(List.of("simulate"));
    words.addAll(List.of(args));
    int status =
        new Program(new SimulateCommand())
            .writing(new PrintWriter(out), new PrintWriter(err))
            .run(words.toArray(String[]::new));
    return new Ended(status, out.toString(), err.toString());
  }

  private Ended runInto(String folder) {
    String out = directory.resolve(folder).toString();
    return run(
        "--worlds",
        "helping,hard",
        "--mixers",
        "odm,odm:reference:alpha=0.9,aioli:roundSteps=100",
        "--steps",
        "220",
        "--rows",
        "8",
        "--seeds",
        "2",
        "--out",
        out);
  }

  private TreeMap<String, byte[]> files(String folder) throws IOException {
    var files = new TreeMap<String, byte[]>();
    try (var all = Files.list(directory.resolve(folder))) {
      for (Path file : all.toList())
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
    }
    return files;
  }

  @Test
  void sameSeedsGiveTheSameFilesBitForBit() throws Exception {
    Ended ended = runInto("first");
    assertEquals(0, ended.status(), ended.err());
    assertEquals(0, runInto("second").status());
    TreeMap<String, byte[]> first = files("first");
    TreeMap<String, byte[]> second = files("second");
    assertEquals(first.keySet(), second.keySet());
    first.forEach((name, bytes) -> assertArrayEquals(bytes, second.get(name), name));
    assertTrue(
        first
            .keySet()
            .containsAll(
                List.of(
                    "index.html",
                    "numbers.json",
                    "hard-loss.svg",
                    "hard-difference.svg",
                    "hard-odm-reference-alpha-0.9.svg",
                    "helping-stratified.svg")),
        first.keySet().toString());
    ComparisonReport.Numbers[] numbers =
        Json.read(first.get("numbers.json"), ComparisonReport.Numbers[].class);
    assertEquals(2 * 4 * 2, numbers.length);
    assertEquals(0, numbers[0].minusStratified());
    assertFalse(numbers[2].averageLoss() == numbers[3].averageLoss(), "seeds differ");
  }

  @Test
  void tableHasALineForEachMixerInEachWorld() {
    Ended ended =
        run("--worlds", "helping,hard", "--mixers", "odm", "--steps", "50", "--rows", "8");
    assertEquals(0, ended.status(), ended.err());
    for (String line :
        List.of("helping +stratified", "helping +odm", "hard +stratified", "hard +odm"))
      assertTrue(ended.out().lines().anyMatch(l -> l.matches(line + " .*")), ended.out());
  }

  @Test
  void worldsAreListed() {
    Ended ended = run("--list");
    assertEquals(Worlds.all().size(), ended.out().lines().count());
    assertTrue(ended.out().contains("slimpajama"));
  }

  @Test
  void mistakesAreOneLineThatSaysWhatToDo() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertRefused("is no folder", "--out", file.toString());
    assertRefused("did you mean `hard`", "--worlds", "hrad");
    assertRefused("did you mean `odm`", "--mixers", "omd");
    assertRefused("did you mean `reference`", "--mixers", "odm:refrence");
    assertRefused("has no parameter `alhpa`; did you mean `alpha`", "--mixers", "odm:alhpa=1");
    assertRefused("--steps is 0", "--steps", "0");
    assertRefused("--seeds is 0", "--seeds", "0");
    assertRefused("`batchRows` is 0", "--rows", "0");
    assertRefused("`lookahead` is 0", "--lookahead", "0");
  }

  private static void assertRefused(String what, String... args) {
    Ended ended = run(args);
    assertEquals(2, ended.status());
    assertTrue(ended.err().contains(what), ended.err());
    assertFalse(ended.err().contains("Exception"), ended.err());
  }

  @Test
  void mixersAreReadFromWords() {
    MixerChoice choice = MixerChoice.parse("odm:reference:alpha=0.5:update=single:x=true");
    assertEquals("odm", choice.name());
    assertEquals(
        "{alpha=0.5, update=single, variant=reference, x=true}", choice.parameters().toString());
    assertEquals(
        "{weights={code=1000000000, noise=1000000000, web=4000000000}}",
        MixerChoice.parse("static")
            .spec(Worlds.of("hard"), Setting.of(9, 8, 8))
            .parameters()
            .toString());
  }
}
