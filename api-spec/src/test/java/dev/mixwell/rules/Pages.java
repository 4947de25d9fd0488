package dev.mixwell.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    return found;
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
