package dev.mixwell.reference;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** What the Javadoc of a source file says of members, by {@code Type.member}. */
final class Words {
  private static final Pattern ITEM =
      Pattern.compile("<li>\\{@code (\\w+)}: (.*?)(?=\\s*<li>|\\s*</ul>)", Pattern.DOTALL);
  private static final Pattern INLINE = Pattern.compile("\\{@(?:code|link) ([^}]*)}");

  private Words() {}

  /** Of types (with no member's name), record components ({@code @param}) and enum constants. */
  static Map<String, String> ofMembers(Path source) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var words = new TreeMap<String, String>();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var sources = files.getJavaFileObjects(source);
      var task =
          (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, sources);
      var trees = DocTrees.instance(task);
      for (var unit : task.parse())
        new TreePathScanner<Void, Void>() {
          @Override
          public Void visitClass(ClassTree type, Void none) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) put(type, "", comment.getFullBody());
            if (comment != null)
              for (var tag : comment.getBlockTags())
                if (tag instanceof ParamTree param)
                  put(type, param.getName().toString(), param.getDescription());
            return super.visitClass(type, none);
          }

          @Override
          public Void visitVariable(VariableTree variable, Void none) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null
                && getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type)
              put(type, variable.getName().toString(), comment.getFullBody());
            return super.visitVariable(variable, none);
          }

          private void put(ClassTree type, String name, List<?> description) {
            var text = new StringBuilder();
            description.forEach(text::append);
            words.put(type.getSimpleName() + "." + name, plain(text.toString()));
          }
        }.scan(unit, null);
    }
    return words;
  }

  /** Of a mixer's parameters: the list in the comment of {@code parameters()}. */
  static Map<String, String> ofParameters(Path source) throws IOException {
    var words = new TreeMap<String, String>();
    Matcher item = ITEM.matcher(Files.readString(source).replaceAll("\n *\\* *", " "));
    while (item.find()) words.put(item.group(1), plain(item.group(2)).replaceAll("[;.]$", ""));
    return words;
  }

  /** As Markdown in a table's cell, on one line. */
  private static String plain(String comment) {
    String line = comment.replaceAll("\\s+", " ").strip();
    return INLINE.matcher(line).replaceAll("`$1`").replace("|", "\\|").replaceAll("\\.$", "");
  }
}
