package dev.mixwell.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: the version, the commit if the build knew it, and the JDK. */
final class Version implements IVersionProvider {
  private static final String FILE = "version.properties";

  @Override
  public String[] getVersion() {
    Properties built = built();
    String commit = known(built, "commit");
    return new String[] {
      "Mixwell "
          + known(built, "version")
          + (commit.isEmpty() ? "" : " (commit " + commit + ")")
          + ", Java "
          + Runtime.version()
    };
  }

  /** Empty where the build has not filled it in. */
  private static String known(Properties built, String name) {
    String value = built.getProperty(name, "").strip();
    return value.startsWith("${") ? "" : value;
  }

  private static Properties built() {
    var built = new Properties();
    try (var file = Version.class.getResourceAsStream(FILE)) {
      if (file != null) built.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return built;
  }
}
