package dev.mixwell.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The repository's pages: ARCHITECTURE.md is short and names every room, and no link leads astray.
 */
class PagesTest {
  private static final Path HOME = Path.of("..", "..").toAbsolutePath().normalize();
  private static final int MAX_ARCHITECTURE_LINES = 150;
  private static final Set<String> MADE = Set.of("target", "walk", "demo-data", "resources");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");

  @Test
  void architectureIsAFirstPage() throws IOException {
    long lines = Files.readString(HOME.resolve("ARCHITECTURE.md")).lines().count();
    assertTrue(lines <= MAX_ARCHITECTURE_LINES, "ARCHITECTURE.md has " + lines + " lines");
  }

  @Test
  void architectureNamesEveryPackage() throws IOException {
    String page = Files.readString(HOME.resolve("ARCHITECTURE.md"));
    var unnamed = new ArrayList<String>();
    for (String room : rooms()) if (!page.contains("`" + room + "`")) unnamed.add(room);
    assertEquals(List.of(), unnamed, "packages that ARCHITECTURE.md's table of rooms leaves out");
  }

  @Test
  void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
    var astray = new ArrayList<String>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(FENCE.matcher(Files.readString(page)).replaceAll(""));
      while (link.find())
        if (!link.group(1).matches("[a-z]+:.*") && !leadsSomewhere(page, link.group(1)))
          astray.add(HOME.relativize(page) + ": " + link.group(1));
    }
    assertEquals(List.of(), astray, "links to what is not there");
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    if (!target.startsWith(HOME) || !Files.exists(target)) return false;
    if (hash < 0) return true;
    String text = FENCE.matcher(Files.readString(target)).replaceAll("");
    return HEADING
        .matcher(text)
        .results()
        .anyMatch(heading -> anchor(heading.group(1)).equals(link.substring(hash + 1)));
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
  }

  private static TreeSet<String> rooms() throws IOException {
    String root = "/src/main/java/dev/mixwell/";
    TreeSet<String> rooms =
        files().stream()
            .map(file -> HOME.relativize(file).toString())
            .filter(file -> file.contains(root) && file.endsWith(".java"))
            .map(file -> file.substring(file.indexOf(root) + root.length()))
            .map(file -> file.substring(0, file.lastIndexOf('/')).replace('/', '.'))
            .collect(Collectors.toCollection(TreeSet::new));
    assertFalse(rooms.isEmpty(), "no packages under " + HOME);
    return rooms;
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = files().stream().filter(file -> file.toString().endsWith(".md")).toList();
    assertFalse(pages.isEmpty(), "no pages under " + HOME);
    return pages;
  }

  /** The repository's, without what builds, tests and walks have written. */
  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(HOME)) {
      return files.filter(PagesTest::isOurs).filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static boolean isOurs(Path file) {
    for (Path part : HOME.relativize(file))
      if (part.toString().startsWith(".") || MADE.contains(part.toString())) return false;
    return true;
  }
}
