package dev.mixwell.lab;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The promises that tests count the cases of, as their sources name them: the first word of {@code
 * new Proof("NAME ...", ...)}. As a program it prints them; {@code ./mixwell soak} starts it from
 * its source, so it needs the JDK only.
 *
 * <pre>java Promises.java CHECKOUT    prints NAME MODULE CLASS, a line each</pre>
 */
final class Promises {
  private static final String PROOF = "Proof";

  private Promises() {}

  /**
   * @param module the folder of the test's module, such as {@code trainer-client/lab}
   * @param testClass its simple name
   */
  record Promise(String name, String module, String testClass) implements Comparable<Promise> {
    @Override
    public int compareTo(Promise other) {
      return line().compareTo(other.line());
    }

    String line() {
      return name + " " + module + " " + testClass;
    }
  }

  public static void main(String[] arguments) throws IOException {
    for (Promise promise : of(Path.of(arguments[0]))) System.out.println(promise.line());
  }

  /** Those of a checkout, by name. */
  static List<Promise> of(Path folder) throws IOException {
    Path checkout = folder.toAbsolutePath().normalize();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var found = new TreeSet<Promise>();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var files = manager.getJavaFileObjectsFromPaths(tests(checkout));
      var task =
          (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, files);
      for (var unit : task.parse()) {
        Path file = checkout.relativize(Path.of(unit.getSourceFile().toUri()));
        for (String name : names(unit)) found.add(new Promise(name, module(file), testClass(file)));
      }
    }
    return List.copyOf(found);
  }

  private static List<Path> tests(Path checkout) throws IOException {
    try (Stream<Path> files = Files.walk(checkout)) {
      return files
          .filter(file -> file.toString().matches(".*/src/test/java/.*Test\\.java"))
          .filter(
              file -> !file.endsWith("dev/mixwell/proof/ProofTest.java")) // of proofs themselves
          .toList();
    }
  }

  private static String module(Path file) {
    String path = file.toString();
    return path.substring(0, path.indexOf("/src/test/java/"));
  }

  private static String testClass(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static List<String> names(com.sun.source.tree.Tree unit) {
    var names = new ArrayList<String>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitNewClass(NewClassTree made, Void none) {
        if (made.getIdentifier().toString().equals(PROOF))
          names.add(firstWord(made.getArguments().getFirst()));
        return super.visitNewClass(made, none);
      }
    }.scan(unit, null);
    return names;
  }

  /** Of a literal, or of a sum that begins with one. */
  private static String firstWord(ExpressionTree name) {
    return switch (name) {
      case LiteralTree literal -> literal.getValue().toString().split(" ", 2)[0];
      case BinaryTree sum -> firstWord(sum.getLeftOperand());
      default -> throw new IllegalArgumentException(name + " is no name of a promise");
    };
  }
}
