package dev.mixwell.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every promise's proof is found by {@code soak --list}, runs in its short form with the tests, and
 * can be made of a single case: nothing in it fails for want of more, for what takes more is said
 * by {@code Proof.together}.
 */
class ProofsTest {
  /** What only speaks of proofs, or tries them out. */
  private static final Set<String> OWN = Set.of("Proof.java", "ProofTest.java", "ProofsTest.java");

  private static final List<ClassTree> CLASSES = new ArrayList<>();

  @BeforeAll
  static void parse() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var files = Sources.in("src/test/java").stream().filter(ProofsTest::hasProof);
      var objects = manager.getJavaFileObjectsFromPaths(files.toList());
      var task =
          (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, objects);
      for (var unit : task.parse())
        for (Tree type : unit.getTypeDecls()) CLASSES.add((ClassTree) type);
    }
    assertFalse(CLASSES.isEmpty(), "no test makes a Proof");
  }

  private static boolean hasProof(Path file) {
    try {
      return !OWN.contains(String.valueOf(file.getFileName()))
          && Files.readString(file).contains(" Proof(");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyProofIsPartOfATestAndIsListed() {
    var hidden = new ArrayList<String>();
    for (ClassTree type : CLASSES)
      for (NewClassTree proof : proofs(type))
        if (!type.getSimpleName().toString().endsWith("Test") || !startsWithName(proof))
          hidden.add(type.getSimpleName() + ": " + proof);
    assertEquals(List.of(), hidden, "not in a class named ...Test, or without a literal name");
  }

  @Test
  void aProofAssertsOnlyThroughItself() {
    var bare = new ArrayList<String>();
    for (ClassTree type : CLASSES) {
      Map<String, List<MethodTree>> methods = methods(type);
      for (List<MethodTree> named : methods.values())
        for (MethodTree method : named)
          if (!proofs(method).isEmpty())
            for (String assertion : assertions(method, methods, new HashSet<>()))
              bare.add(type.getSimpleName() + "." + method.getName() + ": " + assertion);
    }
    assertEquals(
        List.of(),
        bare,
        "assertions that `soak NAME --cases 1` may fail: make them in proof.check, or, if they are"
            + " about all cases, in proof.together");
  }

  private static List<NewClassTree> proofs(Tree tree) {
    var found = new ArrayList<NewClassTree>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitNewClass(NewClassTree made, Void none) {
        if (made.getIdentifier().toString().equals("Proof")) found.add(made);
        return super.visitNewClass(made, none);
      }
    }.scan(tree, null);
    return found;
  }

  /** As the launcher looks for it: a literal comes first. */
  private static boolean startsWithName(NewClassTree proof) {
    var first = new ArrayList<Tree>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitLiteral(LiteralTree literal, Void none) {
        first.add(literal);
        return null;
      }

      @Override
      public Void visitIdentifier(IdentifierTree name, Void none) {
        first.add(name);
        return null;
      }
    }.scan(proof.getArguments().getFirst(), null);
    return first.getFirst() instanceof LiteralTree;
  }

  private static Map<String, List<MethodTree>> methods(ClassTree type) {
    var methods = new HashMap<String, List<MethodTree>>();
    for (Tree member : type.getMembers())
      if (member instanceof MethodTree method)
        methods.computeIfAbsent(method.getName().toString(), _ -> new ArrayList<>()).add(method);
    return methods;
  }

  /** Outside of lambdas, in a method and in those of its class that it calls. */
  private static List<String> assertions(
      MethodTree method, Map<String, List<MethodTree>> methods, Set<MethodTree> seen) {
    var found = new ArrayList<String>();
    if (!seen.add(method)) return found;
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitLambdaExpression(LambdaExpressionTree lambda, Void none) {
        return null;
      }

      @Override
      public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
        ExpressionTree called = call.getMethodSelect();
        if (called instanceof IdentifierTree name) {
          String simple = name.getName().toString();
          if (simple.startsWith("assert") || simple.equals("fail")) found.add(call.toString());
          for (MethodTree own : methods.getOrDefault(simple, List.of()))
            found.addAll(assertions(own, methods, seen));
        }
        return super.visitMethodInvocation(call, none);
      }
    }.scan(method.getBody(), null);
    return found;
  }
}
