package dev.mixwell.rules;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The rules of the house on the module whose tests run. A module runs them by a class of its own.
 */
public abstract class LayoutRules {
  private final Module module = Module.running();
  private final Layout layout = Layout.ours();

  /** For a module's own test. */
  protected LayoutRules() {}

  @Test
  void everyPackageHasItsRow() throws IOException {
    var found = new ArrayList<String>();
    var packages = new TreeSet<>(module.mainPackages().keySet());
    for (String name : packages)
      if (!layout.packagesOf(module.name()).contains(name))
        found.add(
            ("package %s has no row: write one below \"module %s\" in %s, and draw the "
                    + "package in ARCHITECTURE.md")
                .formatted(name, module.name(), Layout.FILE));
    for (String row : layout.packagesOf(module.name()))
      if (!packages.contains(row))
        found.add(
            "%s has a row %s and %s no such package".formatted(Layout.FILE, row, module.name()));
    check(found);
  }

  @Test
  void packagesUseTheirNeighboursExactly() {
    var dependencies = Dependency.of(module.classes());
    assertFalse(dependencies.isEmpty(), "no class was read in " + module.classes());
    check(Walls.ofPackages(layout, layout.packagesOf(module.name()), dependencies));
  }

  @Test
  void librariesAreUsedInTheirPackagesExactly() {
    var dependencies = Dependency.of(module.classes());
    check(Walls.ofLibraries(layout, layout.packagesOf(module.name()), dependencies));
  }

  @Test
  void filesAreAFewScreens() throws IOException {
    assertFalse(module.files().isEmpty(), "no sources in " + module.folder());
    check(Sizes.ofFiles(module));
  }

  @Test
  void methodsAreAScreenAndNamesSaySomething() throws IOException {
    check(Sizes.ofDeclarations(module));
  }

  @Test
  void packagesAreRoomsNotHalls() throws IOException {
    check(Sizes.ofPackages(module));
  }

  @Test
  void packagePagesNameWhatExists() throws IOException {
    check(Pages.violations(module, layout));
  }

  @Test
  void whatDecidesBytesComputesTheSameEverywhere() throws IOException {
    var found = new ArrayList<String>();
    for (var entry : new TreeMap<>(module.mainPackages()).entrySet())
      for (Path file : entry.getValue())
        if (layout.decidesBytes(entry.getKey()))
          found.addAll(ArithmeticScan.violations(module.named(file), Files.readString(file)));
    if (!found.isEmpty())
      found.add("Mend it, or say beside it why no byte differs: // Decides no byte: REASON");
    check(found);
  }

  static void check(List<String> violations) {
    if (!violations.isEmpty()) fail(String.join("\n", violations));
  }
}
