package dev.mixwell.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Sizes of all modules' sources: a file is a few screens, a method is one. */
class SourcesTest {
  private static final int MAX_FILE_LINES = 400;
  private static final int MAX_METHOD_LINES = 60;
  private static final List<String> MODULES =
      List.of("api-spec", "indexer", "server", "trainer-client");

  @Test
  void noFileIsLongerThanFewScreens() throws IOException {
    var tooLong = new ArrayList<String>();
    for (Path file : sources("src")) {
      long lines = Files.readString(file).lines().count();
      if (lines > MAX_FILE_LINES) tooLong.add(file + ": " + lines + " lines");
    }
    assertEquals(List.of(), tooLong, "files of more than " + MAX_FILE_LINES + " lines");
  }

  @Test
  void noMethodIsLongerThanAScreen() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var tooLong = new ArrayList<String>();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var files = manager.getJavaFileObjectsFromPaths(sources("src"));
      var task =
          (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, files);
      for (var unit : task.parse()) tooLong.addAll(longMethods(unit, Trees.instance(task)));
    }
    assertEquals(List.of(), tooLong, "methods of more than " + MAX_METHOD_LINES + " lines");
  }

  @Test
  void everyPackageSaysItsRole() throws IOException {
    var silent =
        sources("src/main/java").stream()
            .map(Path::getParent)
            .distinct()
            .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
            .toList();
    assertEquals(List.of(), silent, "packages without package-info.java");
  }

  private static List<String> longMethods(CompilationUnitTree unit, Trees trees) {
    var found = new ArrayList<String>();
    var positions = trees.getSourcePositions();
    var lines = unit.getLineMap();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitMethod(MethodTree method, Void none) {
        long first = lines.getLineNumber(positions.getStartPosition(unit, method));
        long last = lines.getLineNumber(positions.getEndPosition(unit, method));
        long length = last - first + 1;
        if (length > MAX_METHOD_LINES)
          found.add(unit.getSourceFile().getName() + ": " + method.getName() + ": " + length);
        return super.visitMethod(method, none);
      }
    }.scan(unit, null);
    return found;
  }

  static List<Path> sources(String folder) throws IOException {
    var found = new ArrayList<Path>();
    for (String module : MODULES) {
      Path root = Path.of("..", module, folder);
      if (!Files.exists(root)) continue;
      try (Stream<Path> paths = Files.walk(root)) {
        paths.filter(path -> path.toString().endsWith(".java")).forEach(found::add);
      }
    }
    assertFalse(found.isEmpty(), "no sources under " + Path.of("..").toAbsolutePath());
    return found;
  }
}
