package dev.mixwell.proof;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that measures, as a test runs it: so small that it measures nothing, and shows that it
 * works. Such a program has, beside its {@code main}, a method {@code static String[]
 * smallest(Path)} that gives the arguments for it, and may make in that folder what they name.
 */
public record SmallestForm(Class<?> program) {
  private static final String LAUNCHER = "mixwell.launcher";

  /** Every program of a class's package: a new one is found. */
  public static List<SmallestForm> beside(Class<?> test) throws Exception {
    var found = new ArrayList<SmallestForm>();
    for (Class<?> type : classesBeside(test)) if (hasMain(type)) found.add(new SmallestForm(type));
    return found;
  }

  /** The classes of a class's package in its module, without those inside others. */
  public static List<Class<?>> classesBeside(Class<?> test) throws Exception {
    var classes = new ArrayList<Class<?>>();
    try (var files = Files.list(folder(test))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".class") || name.contains("$") || name.contains("-")) continue;
        String simple = name.substring(0, name.length() - ".class".length());
        classes.add(Class.forName(test.getPackageName() + "." + simple));
      }
    }
    return classes;
  }

  private static Path folder(Class<?> test) throws URISyntaxException {
    Path root = Path.of(test.getProtectionDomain().getCodeSource().getLocation().toURI());
    return root.resolve(test.getPackageName().replace('.', '/'));
  }

  private static boolean hasMain(Class<?> type) {
    try {
      type.getMethod("main", String[].class);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /**
   * Runs it to its end.
   *
   * @param folder for what it makes
   * @param mixwell the program whose commands it may start
   */
  public void run(Path folder, Class<?> mixwell) throws Exception {
    String before = System.getProperty(LAUNCHER);
    System.setProperty(LAUNCHER, launcher(folder, mixwell).toString());
    try {
      var arguments = arguments(folder);
      program.getMethod("main", String[].class).invoke(null, (Object) arguments);
    } finally {
      if (before == null) System.clearProperty(LAUNCHER);
      else System.setProperty(LAUNCHER, before);
    }
  }

  private String[] arguments(Path folder) throws Exception {
    try {
      var smallest = program.getDeclaredMethod("smallest", Path.class);
      smallest.setAccessible(true);
      return (String[]) smallest.invoke(null, folder);
    } catch (NoSuchMethodException e) {
      throw new AssertionError(
          ("No test runs %s: give it a method `static String[] smallest(Path folder)` with the"
                  + " arguments of its smallest form.")
              .formatted(program.getName()));
    }
  }

  /** In place of the script {@code mixwell}: the same commands, with this test's class path. */
  private static Path launcher(Path folder, Class<?> mixwell) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path script = folder.resolve("launcher");
    Files.writeString(
        script,
        """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '%s' %s "$@"
        """
            .formatted(java, System.getProperty("java.class.path"), mixwell.getName()));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }
}
