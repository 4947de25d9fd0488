package dev.mixwell.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The server with a bug: its packages once more, with the edited sources compiled in memory, and
 * the simulations beside them.
 */
public final class MutantLoader extends ClassLoader {
  private static final Path SOURCES = sources();
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** The class path, read once for all mutants; open as long as the tests run. */
  private static final JavaFileManager LIBRARIES =
      COMPILER.getStandardFileManager(null, null, null);

  private static final Set<String> PACKAGES =
      Set.of(
          "timeline",
          "mixer",
          "sampler",
          "fold",
          "command",
          "answer",
          "run",
          "preview",
          "verify",
          "simulate");

  private final Map<String, byte[]> edited;

  /** The server's, from the folder of its module or of a module that tests with it. */
  private static Path sources() {
    Path own = Path.of("src/main/java/dev/mixwell");
    return Files.exists(own.resolve("fold")) ? own : Path.of("..", "..", "server").resolve(own);
  }

  private MutantLoader(Map<String, byte[]> edited) {
    super(MutantLoader.class.getClassLoader());
    this.edited = edited;
  }

  /**
   * @throws AssertionError if a snippet does not stand in its file exactly once, or the edited
   *     source does not compile
   */
  public static MutantLoader of(Mutant mutant) throws IOException {
    return new MutantLoader(compiled(sources(mutant)));
  }

  /**
   * Puts bugs of different files into the source together, which takes less time.
   *
   * @throws AssertionError as {@link #of}, for any of them
   */
  static void compile(List<Mutant> mutants) throws IOException {
    var sources = new HashMap<String, String>();
    for (Mutant mutant : mutants) sources.putAll(sources(mutant));
    compiled(sources);
  }

  private static Map<String, String> sources(Mutant mutant) throws IOException {
    var sources = new HashMap<String, String>();
    for (Mutant.Edit edit : mutant.edits()) {
      String source = sources.get(edit.file());
      if (source == null)
        source = withoutComments(Files.readString(SOURCES.resolve(edit.file() + ".java")));
      sources.put(edit.file(), edited(source, edit));
    }
    return sources;
  }

  /** A comment, or a literal that may hold what looks like one. */
  private static final Pattern COMMENT =
      Pattern.compile(
          "(\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+')|//[^\n]*|/\\*.*?\\*/",
          Pattern.DOTALL);

  /** Whoever rewords a comment changes no bug. */
  static String withoutComments(String source) {
    return COMMENT.matcher(source).replaceAll(found -> kept(found.group(1)));
  }

  private static String kept(@Nullable String literal) {
    return literal == null ? " " : Matcher.quoteReplacement(literal);
  }

  /** Formatting may change: spaces and line ends count for nothing. */
  private static String edited(String source, Mutant.Edit edit) {
    String pattern =
        edit.snippet()
            .chars()
            .filter(c -> !Character.isWhitespace(c))
            .mapToObj(c -> Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining("\\s*"));
    Matcher matcher = Pattern.compile(pattern).matcher(source);
    long times = matcher.results().count();
    if (times != 1)
      throw new AssertionError(
          "%s has `%s` %d times".formatted(edit.file(), edit.snippet(), times));
    return matcher.reset().replaceFirst(Matcher.quoteReplacement(edit.replacement()));
  }

  private static Map<String, byte[]> compiled(Map<String, String> sources) throws IOException {
    var classes = new HashMap<String, ByteArrayOutputStream>();
    var units = new ArrayList<JavaFileObject>();
    sources.forEach((file, text) -> units.add(new Source(file, text)));
    var messages = new StringWriter();
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var options = List.of("-proc:none", "-nowarn", "-classpath", path);
    var files = new Classes(LIBRARIES, classes);
    if (!COMPILER.getTask(messages, files, null, options, null, units).call())
      throw new AssertionError("the mutant does not compile: " + messages);
    return classes.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toByteArray()));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null) return known;
      String[] parts = name.split("\\.", 4);
      boolean ours = name.startsWith("dev.mixwell.") && parts.length == 4;
      if (!ours || !PACKAGES.contains(parts[2])) return super.loadClass(name, resolve);
      byte[] bytes = edited.containsKey(name) ? edited.get(name) : original(name);
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  private byte[] original(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) throw new ClassNotFoundException(name);
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("string:///dev/mixwell/" + file + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps the compiler's classes in memory. */
  private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    Classes(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + name + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          var bytes = new ByteArrayOutputStream();
          classes.put(name, bytes);
          return bytes;
        }
      };
    }
  }
}
