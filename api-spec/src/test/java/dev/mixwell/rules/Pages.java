package dev.mixwell.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a package's page says of itself and of its neighbours. A line a violation. */
final class Pages {
  private static final Pattern LINK = Pattern.compile("dev\\.mixwell\\.([\\w.]*\\w)");

  /** "package {@code run}", "packages {@code group} and {@code pack}". */
  private static final Pattern NAMED =
      Pattern.compile("[Pp]ackages? ((?:(?:, | and )?\\{@code [a-z.]+\\})+)");

  private static final Pattern CODE = Pattern.compile("\\{@code ([a-z.]+)\\}");
  private static final Pattern STANDS_ON =
      Pattern.compile("Stands on ([^;]*?)(?:\\. |\\.$|;|\\.\\n)");

  /** "{@code Run.issuedSteps}". */
  private static final Pattern CODE_MEMBER =
      Pattern.compile("\\{@code ([A-Z]\\w*)\\.(\\w+)(?:\\([^)]*\\))?\\}");

  private static final Pattern LINK_MEMBER =
      Pattern.compile("dev\\.mixwell\\.[\\w.]*?([A-Z]\\w*)#(\\w+)");
  private static final Pattern ON_NOTHING = Pattern.compile("[Dd]epends on nothing");
  private static final Pattern ON_THESE = Pattern.compile("[Dd]epends on ([^.;]*?) only");
  private static final Pattern NO_LIBRARY = Pattern.compile("[Nn]o library but the JDK's");

  /** "The only package that knows Parquet and Arrow". */
  private static final Pattern KNOWS =
      Pattern.compile("only package that (?:knows|uses) (?:the )?([^,.;]+)");

  private Pages() {}

  static List<String> violations(Module module, Layout layout) throws IOException {
    var found = new ArrayList<String>();
    for (var entry : new TreeMap<>(module.mainPackages()).entrySet()) {
      Path page = entry.getValue().getFirst().resolveSibling("package-info.java");
      if (Files.exists(page)) found.addAll(ofPage(module, layout, entry.getKey(), page));
      else
        found.add(
            "package %s has no page: write %s with its role and its neighbours"
                .formatted(entry.getKey(), module.named(page)));
    }
    return found;
  }

  private static List<String> ofPage(Module module, Layout layout, String name, Path page)
      throws IOException {
    String text = Files.readString(page).replaceAll("\\s*\\n \\*(?!/) ?", " ");
    String javadoc = text.substring(0, Math.max(0, text.indexOf("*/")));
    var found = new ArrayList<String>();
    String file = module.named(page);
    if (javadoc.isBlank()) found.add("%s says nothing: write the package's role".formatted(file));
    for (String link : links(javadoc))
      if (!exists(module, layout, link))
        found.add("%s names dev.mixwell.%s, which does not exist".formatted(file, link));
    for (String other : namedPackages(javadoc))
      if (!layout.packages().contains(other))
        found.add("%s names package %s, which does not exist".formatted(file, other));
    for (MatchResult sentence : STANDS_ON.matcher(javadoc).results().toList()) {
      var neighbours = new TreeSet<String>(namedPackages(sentence.group(1)));
      links(sentence.group(1)).stream()
          .filter(layout.packages()::contains)
          .forEach(neighbours::add);
      for (String other : neighbours)
        if (layout.packages().contains(other) && !layout.usesOf(name).contains(other))
          found.add("%s says that it stands on %s, which it does not use".formatted(file, other));
    }
    found.addAll(ofMembers(module, layout, file, javadoc));
    found.addAll(ofUses(layout, name, file, javadoc));
    found.addAll(ofLibraries(layout, name, file, javadoc));
    return found;
  }

  private static List<String> ofMembers(Module module, Layout layout, String file, String javadoc)
      throws IOException {
    var found = new ArrayList<String>();
    for (Pattern pattern : List.of(CODE_MEMBER, LINK_MEMBER))
      for (MatchResult match : pattern.matcher(javadoc).results().toList())
        if (!Members.isDeclared(module, layout, match.group(1), match.group(2)))
          found.add(
              "%s names %s.%s, which does not exist"
                  .formatted(file, match.group(1), match.group(2)));
    return found;
  }

  private static List<String> ofUses(Layout layout, String name, String file, String javadoc) {
    var found = new ArrayList<String>();
    Set<String> used = layout.usesOf(name);
    if (ON_NOTHING.matcher(javadoc).find() && !used.isEmpty())
      found.add("%s says that it depends on nothing, and it uses %s".formatted(file, used));
    for (MatchResult only : ON_THESE.matcher(javadoc).results().toList())
      if (!namedPackages(only.group(1)).equals(used))
        found.add("%s says on what it depends only, and it uses %s".formatted(file, used));
    if (!named(layout, javadoc).stream().anyMatch(o -> used.contains(o) || isUsed(layout, name, o)))
      found.add(
          "%s names no neighbour: say which package it stands on, or which one uses it"
              .formatted(file));
    return found;
  }

  private static boolean isUsed(Layout layout, String name, String by) {
    return layout.usesOf(by).contains(name);
  }

  private static List<String> ofLibraries(Layout layout, String name, String file, String javadoc) {
    var found = new ArrayList<String>();
    if (NO_LIBRARY.matcher(javadoc).find())
      for (String library : layout.libraries())
        if (layout.usersOf(library).contains(name))
          found.add("%s says that it uses no library, and it uses %s".formatted(file, library));
    for (MatchResult sentence : KNOWS.matcher(javadoc).results().toList())
      for (String called : sentence.group(1).split(" and ")) {
        List<String> rows =
            layout.libraries().stream().filter(library -> isCalled(library, called)).toList();
        if (rows.isEmpty())
          found.add(
              "%s says that it is the only one to know %s, which ends no library's name in %s"
                  .formatted(file, called, Layout.FILE));
        for (String library : rows)
          if (!layout.usersOf(library).equals(Set.of(name)))
            found.add(
                "%s says that it is the only one to know %s, and %s use %s"
                    .formatted(file, called, layout.usersOf(library), library));
      }
    return found;
  }

  /** "the AWS SDK" is {@code software.amazon.awssdk}. */
  private static boolean isCalled(String library, String name) {
    String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return library.replace(".", "").endsWith(letters);
  }

  /** All packages that a text names, by links to their types too. */
  private static Set<String> named(Layout layout, String text) {
    var names = new TreeSet<>(namedPackages(text));
    for (String link : links(text)) {
      String name = link.replaceAll("(^|\\.)[A-Z].*", "");
      if (layout.packages().contains(name)) names.add(name);
    }
    return names;
  }

  private static Set<String> links(String text) {
    var links = new TreeSet<String>();
    LINK.matcher(text).results().forEach(match -> links.add(match.group(1)));
    return links;
  }

  private static Set<String> namedPackages(String text) {
    var names = new TreeSet<String>();
    for (MatchResult match : NAMED.matcher(text).results().toList())
      CODE.matcher(match.group(1)).results().forEach(code -> names.add(code.group(1)));
    return names;
  }

  /** Whether a package or a type of this name is in any module; of a type's members the type. */
  private static boolean exists(Module module, Layout layout, String link) {
    if (layout.packages().contains(link)) return true;
    String type = link.replaceAll("([A-Z]\\w*)\\..*", "$1");
    return layout.modules().stream()
        .map(other -> module.root().resolve(other).resolve("src/main/java/dev/mixwell"))
        .anyMatch(sources -> Files.exists(sources.resolve(type.replace('.', '/') + ".java")));
  }
}
