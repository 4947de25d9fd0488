package dev.mixwell.rules;

import com.sun.source.tree.ClassTree;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** How large files, methods and packages are, and what types are called. A line a violation. */
final class Sizes {
  static final int MAX_FILE_LINES = 400;
  static final int MAX_METHOD_LINES = 60;
  private static final Pattern SAYS_NOTHING =
      Pattern.compile("Abstract[A-Z]\\w*|\\w*(Impl|Manager|Utils?|Helper)");

  private Sizes() {}

  static List<String> ofFiles(Module module) throws IOException {
    var found = new ArrayList<String>();
    for (Path file : module.files()) {
      long lines = Files.readString(file).lines().count();
      if (lines > MAX_FILE_LINES)
        found.add(
            "%s has %s lines of at most %s: move one of its jobs into a file of its own"
                .formatted(module.named(file), lines, MAX_FILE_LINES));
    }
    return found;
  }

  /** Methods that are too long, and types whose names do not say what they are. */
  static List<String> ofDeclarations(Module module) throws IOException {
    var found = new ArrayList<String>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var files = manager.getJavaFileObjectsFromPaths(module.files());
      var task =
          (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, files);
      for (var unit : task.parse()) {
        String name = module.named(Path.of(unit.getSourceFile().toUri()));
        new Declarations(unit, Trees.instance(task), name, found).scan(unit, null);
      }
    }
    return found;
  }

  /** Packages, main and test, that hold too many files. */
  static List<String> ofPackages(Module module) throws IOException {
    var found = new ArrayList<String>();
    count(module, "package ", module.mainPackages(), found);
    count(module, "tests of ", module.testPackages(), found);
    return found;
  }

  private static void count(
      Module module, String kind, Map<String, List<Path>> packages, List<String> found) {
    new TreeMap<>(packages)
        .forEach(
            (name, paths) -> {
              long files =
                  paths.stream().filter(path -> !path.endsWith("package-info.java")).count();
              if (files > Layout.MAX_FILES && !Layout.LARGE.containsKey(kind + name))
                found.add(
                    ("%s: %s has %s files of at most %s: give it storeys, or name it with a "
                            + "reason in LARGE of %s")
                        .formatted(
                            module.name(), kind + name, files, Layout.MAX_FILES, Layout.FILE));
              if (files <= Layout.MAX_FILES && Layout.LARGE.containsKey(kind + name))
                found.add(
                    "%s: %s has %s files only: take it out of LARGE of %s"
                        .formatted(module.name(), kind + name, files, Layout.FILE));
            });
  }

  private static final class Declarations extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final String file;
    private final List<String> found;

    Declarations(CompilationUnitTree unit, Trees trees, String file, List<String> found) {
      this.unit = unit;
      this.trees = trees;
      this.file = file;
      this.found = found;
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
      if (SAYS_NOTHING.matcher(type.getSimpleName()).matches())
        found.add(
            "%s: %s does not say what it is: name it after it"
                .formatted(file, type.getSimpleName()));
      return super.visitClass(type, none);
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      var positions = trees.getSourcePositions();
      var lines = unit.getLineMap();
      long first = lines.getLineNumber(positions.getStartPosition(unit, method));
      long last = lines.getLineNumber(positions.getEndPosition(unit, method));
      if (last - first + 1 > MAX_METHOD_LINES)
        found.add(
            "%s:%s: %s has %s lines of at most %s: split it"
                .formatted(file, first, method.getName(), last - first + 1, MAX_METHOD_LINES));
      return super.visitMethod(method, none);
    }
  }
}
