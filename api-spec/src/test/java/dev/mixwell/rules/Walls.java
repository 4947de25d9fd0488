package dev.mixwell.rules;

import static dev.mixwell.rules.Layout.FILE;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares what the classes of a module use with the table. A line for each difference. */
final class Walls {
  private Walls() {}

  /** Packages of ours: what is used and not allowed, allowed and not used. */
  static List<String> ofPackages(Layout layout, List<String> rows, List<Dependency> dependencies) {
    var found = new ArrayList<String>();
    var examples = new LinkedHashMap<String, Map<String, Dependency>>();
    for (var dependency : dependencies)
      if (dependency.isOurs() && !dependency.used().equals(dependency.user()))
        examples
            .computeIfAbsent(dependency.user(), _ -> new LinkedHashMap<>())
            .putIfAbsent(dependency.used(), dependency);
    for (String row : rows) {
      Map<String, Dependency> used = examples.getOrDefault(row, Map.of());
      used.forEach(
          (other, example) -> {
            if (!layout.usesOf(row).contains(other))
              found.add(
                  ("%s uses %s, and package %s may not use %s: use something else, or write %s into"
                          + " the row %s of %s")
                      .formatted(example.from(), example.to(), row, other, other, row, FILE));
          });
      for (String allowed : layout.usesOf(row))
        if (!used.containsKey(allowed))
          found.add(
              "package %s does not use %s: take it out of its row in %s"
                  .formatted(row, allowed, FILE));
    }
    return found;
  }

  /** Third-party libraries: each in its packages exactly. */
  static List<String> ofLibraries(Layout layout, List<String> rows, List<Dependency> dependencies) {
    var found = new ArrayList<String>();
    var users = new LinkedHashMap<String, Set<String>>();
    var said = new TreeSet<String>();
    for (var dependency : dependencies) {
      if (dependency.isOurs() || dependency.to().matches(Layout.EVERYWHERE)) continue;
      String library = layout.libraryOf(dependency.to());
      if (library == null) {
        found.add(
            "%s uses %s, and no library of that name is in %s: add a row to LIBRARIES there"
                .formatted(dependency.from(), dependency.to(), FILE));
        continue;
      }
      users.computeIfAbsent(library, _ -> new TreeSet<>()).add(dependency.user());
      if (!layout.usersOf(library).contains(dependency.user())
          && said.add(library + " " + dependency.user()))
        found.add(
            ("%s uses %s: %s is for %s only; call one of them, or write %s into the row of "
                    + "the library in %s")
                .formatted(
                    dependency.from(),
                    dependency.to(),
                    library,
                    String.join(", ", layout.usersOf(library)),
                    dependency.user(),
                    FILE));
    }
    for (String library : layout.libraries())
      for (String user : layout.usersOf(library))
        if (rows.contains(user) && !users.getOrDefault(library, Set.of()).contains(user))
          found.add(
              "package %s does not use %s: take it out of the row of the library in %s"
                  .formatted(user, library, FILE));
    return found;
  }

  /** The table itself: a row names only packages that stand in rows above it. */
  static List<String> ofTable(Layout layout) {
    var found = new ArrayList<String>();
    var above = new TreeSet<String>();
    for (String row : layout.packages()) {
      for (String used : layout.usesOf(row))
        if (!above.contains(used))
          found.add(
              ("%s: the row %s names %s, which stands in no row over it: two packages that use "
                      + "each other are one, or one of them is two")
                  .formatted(FILE, row, used));
      above.add(row);
    }
    for (String library : layout.libraries())
      for (String user : layout.usersOf(library))
        if (!above.contains(user))
          found.add("%s: the library %s names %s, which has no row".formatted(FILE, library, user));
    return found;
  }
}
