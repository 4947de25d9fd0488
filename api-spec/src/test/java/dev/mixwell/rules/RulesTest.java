package dev.mixwell.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every rule, on a module of a few lines that breaks it. */
class RulesTest {
  private static final Layout TABLE =
      Layout.of(
          """
          module m
            low   ->
            high  -> low
          """,
          "org.other -> low");

  private static final String LOW_PAGE = "m/src/main/java/dev/mixwell/low/package-info.java";
  private static final String HIGH_PAGE = "m/src/main/java/dev/mixwell/high/package-info.java";

  @TempDir private Path root;
  private Module module;

  @BeforeEach
  void aModule() throws IOException {
    module = new Module(root, "m");
    write("org/other/Library.java", "package org.other; public class Library {}");
    write("org/another/Third.java", "package org.another; public class Third {}");
    low("public org.other.Library library;");
    high("dev.mixwell.low.Low low;");
  }

  @Test
  void aModuleThatKeepsTheTableIsLeftAlone() throws IOException {
    assertEquals(List.of(), packages());
    assertEquals(List.of(), libraries());
    assertEquals(List.of(), Walls.ofTable(TABLE));
  }

  @Test
  void aPackageThatUsesWhatItsRowDoesNotAllow() throws IOException {
    low("public org.other.Library library; dev.mixwell.high.High high;");
    assertEquals(
        List.of(
            "dev.mixwell.low.Low uses dev.mixwell.high.High, and package low may not use high:"
                + " use something else, or write high into the row low of "
                + Layout.FILE),
        packages());
  }

  @Test
  void aPackageThatUsesAnotherWithoutNamingIt() throws IOException {
    low("public org.other.Library library; public static Low make() { return new Low(); }");
    write(
        "dev/mixwell/mid/Mid.java",
        "package dev.mixwell.mid; public class Mid extends dev.mixwell.low.Low {}");
    high("Object low = new dev.mixwell.mid.Mid().make();");
    assertTrue(packages().getFirst().startsWith("dev.mixwell.high.High uses dev.mixwell.mid.Mid"));
  }

  @Test
  void aRowThatAllowsMoreThanIsUsed() throws IOException {
    high("");
    assertEquals(
        List.of("package high does not use low: take it out of its row in " + Layout.FILE),
        packages());
  }

  @Test
  void aLibraryOutsideOfItsPackages() throws IOException {
    high("dev.mixwell.low.Low low; org.other.Library library;");
    assertEquals(
        List.of(
            "dev.mixwell.high.High uses org.other.Library: org.other is for low only; call one of"
                + " them, or write high into the row of the library in "
                + Layout.FILE),
        libraries());
  }

  @Test
  void aLibraryThatItsPackageDoesNotUse() throws IOException {
    low("");
    assertEquals(
        List.of(
            "package low does not use org.other: take it out of the row of the library in "
                + Layout.FILE),
        libraries());
  }

  @Test
  void aLibraryWithoutARow() throws IOException {
    high("dev.mixwell.low.Low low; org.another.Third third;");
    assertEquals(
        List.of(
            "dev.mixwell.high.High uses org.another.Third, and no library of that name is in "
                + Layout.FILE
                + ": add a row to LIBRARIES there"),
        libraries());
  }

  @Test
  void aTableWithACycleOrAnUnknownUser() {
    var table = Layout.of("module m\n a -> b\n b -> a", "org.other -> c");
    assertEquals(
        List.of(
            Layout.FILE
                + ": the row a names b, which stands in no row over it: two packages that use each"
                + " other are one, or one of them is two",
            Layout.FILE + ": the library org.other names c, which has no row"),
        Walls.ofTable(table));
  }

  @Test
  void aFileOfMoreThanAFewScreens() throws IOException {
    low("\n".repeat(Sizes.MAX_FILE_LINES));
    assertEquals(
        List.of(
            "m/src/main/java/dev/mixwell/low/Low.java has 403 lines of at most 400: move one of"
                + " its jobs into a file of its own"),
        Sizes.ofFiles(module));
  }

  @Test
  void aMethodOfMoreThanAScreenAndANameThatSaysNothing() throws IOException {
    low("void much() {" + "\n".repeat(Sizes.MAX_METHOD_LINES) + "}\n record LowUtils() {}");
    assertEquals(
        List.of(
            "m/src/main/java/dev/mixwell/low/Low.java:2: much has 61 lines of at most 60: split it",
            "m/src/main/java/dev/mixwell/low/Low.java: LowUtils does not say what it is: name it"
                + " after it"),
        Sizes.ofDeclarations(module));
  }

  @Test
  void aPackageOfMoreFilesThanARoomHolds() throws IOException {
    for (int i = 0; i < Layout.MAX_FILES; i++)
      write("dev/mixwell/low/Low" + i + ".java", "package dev.mixwell.low; class Low" + i + " {}");
    assertEquals(
        List.of(
            "m: package low has 21 files of at most 20: give it storeys, or name it with a reason"
                + " in LARGE of "
                + Layout.FILE),
        Sizes.ofPackages(module));
  }

  @Test
  void aPageThatIsMissingOrNamesWhatDoesNotExist() throws IOException {
    page(
        "low",
        "Stands on {@link dev.mixwell.high}. See {@link dev.mixwell.high.Hall} and packages\n"
            + " * {@code low} and {@code lower}.");
    assertEquals(
        List.of(
            "package high has no page: write m/src/main/java/dev/mixwell/high/package-info.java"
                + " with its role and its neighbours",
            "m/src/main/java/dev/mixwell/low/package-info.java names dev.mixwell.high.Hall, which"
                + " does not exist",
            "m/src/main/java/dev/mixwell/low/package-info.java names package lower, which does not"
                + " exist",
            "m/src/main/java/dev/mixwell/low/package-info.java says that it stands on high, which"
                + " it does not use"),
        Pages.violations(module, TABLE));
  }

  @Test
  void aPageThatNamesNoNeighbour() throws IOException {
    page("low", "What {@link dev.mixwell.high} stands on.");
    page("high", "The upper floor.");
    assertEquals(
        List.of(
            HIGH_PAGE
                + " names no neighbour: say which package it stands on, or which one uses it"),
        Pages.violations(module, TABLE));
  }

  @Test
  void aPageThatNamesAMemberThatDoesNotExist() throws IOException {
    low("void walk() { } static final int STEPS = run(1); static int run(int a) { return a; }");
    page(
        "low",
        "{@code Low.walk}, {@code Low.STEPS} and {@code Low.run(1)} serve package {@code high}.");
    page(
        "high",
        "{@code Low.a} of {@link dev.mixwell.low.Low#b} and {@code Lower.walk}; {@code Low.walk}.");
    assertEquals(
        List.of(
            HIGH_PAGE + " names Lower.walk, which does not exist",
            HIGH_PAGE + " names Low.b, which does not exist"),
        Pages.violations(module, TABLE));
  }

  @Test
  void aPageThatDependsOnMoreThanItSays() throws IOException {
    page(
        "low",
        "Depends on nothing of ours. Package {@code high} uses it. No library but the JDK's.");
    page(
        "high",
        "It depends on nothing; it depends on package {@code high} only: {@link dev.mixwell.low}.");
    assertEquals(
        List.of(
            HIGH_PAGE + " says that it depends on nothing, and it uses [low]",
            HIGH_PAGE + " says on what it depends only, and it uses [low]",
            LOW_PAGE + " says that it uses no library, and it uses org.other"),
        Pages.violations(module, TABLE));
  }

  @Test
  void aPageThatIsNotTheOnlyOneToKnowALibrary() throws IOException {
    Layout table =
        Layout.of("module m\n low ->\n high -> low", "org.other -> low\norg.the.third -> low high");
    page("low", "The only package that uses Other; of package {@code high}.");
    page("high", "The only package that knows the Third and Fourth, on package {@code low}.");
    assertEquals(
        List.of(
            HIGH_PAGE
                + " says that it is the only one to know Third, and [high, low] use org.the.third",
            HIGH_PAGE
                + " says that it is the only one to know Fourth, which ends no library's name in "
                + Layout.FILE),
        Pages.violations(module, table));
  }

  private List<String> packages() throws IOException {
    return Walls.ofPackages(TABLE, TABLE.packagesOf("m"), dependencies());
  }

  private List<String> libraries() throws IOException {
    return Walls.ofLibraries(TABLE, TABLE.packagesOf("m"), dependencies());
  }

  private List<Dependency> dependencies() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    Files.createDirectories(module.classes());
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var files = manager.getJavaFileObjectsFromPaths(module.files());
      var options = List.of("-proc:none", "-d", module.classes().toString());
      assertTrue(compiler.getTask(null, manager, null, options, null, files).call());
    }
    var found = new ArrayList<>(Dependency.of(module.classes()));
    found.removeIf(dependency -> !dependency.from().startsWith("dev.mixwell."));
    return found;
  }

  private void low(String members) throws IOException {
    write(
        "dev/mixwell/low/Low.java",
        "package dev.mixwell.low;\npublic class Low { " + members + "\n}\n");
  }

  private void high(String members) throws IOException {
    write(
        "dev/mixwell/high/High.java",
        "package dev.mixwell.high;\npublic class High { " + members + "\n}\n");
  }

  private void page(String name, String text) throws IOException {
    write(
        "dev/mixwell/" + name + "/package-info.java",
        "/**\n * " + text + "\n */\npackage dev.mixwell." + name + ";\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = module.folder().resolve("src/main/java").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
