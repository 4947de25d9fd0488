package dev.mixwell.reference;

import dev.mixwell.config.ConfigReader;
import dev.mixwell.config.InvalidConfig;
import dev.mixwell.config.ServerConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reference of the server's keys. A key's bounds are those that the refusal of -1 names. */
final class ServerPage {
  private static final Path SOURCE =
      Path.of("src", "main", "java", "dev", "mixwell", "config", "ServerConfig.java");
  private static final Pattern BOUNDS = Pattern.compile("; use (\\d+) to (\\d+)\\.");

  private final Map<String, String> words;
  private final Page page = new Page();

  private ServerPage(Map<String, String> words) {
    this.words = words;
  }

  static String text() throws IOException {
    var made = new ServerPage(Words.ofMembers(SOURCE));
    made.page
        .title("The server's configuration")
        .paragraph(
            """
            `./mixwell serve` takes each key from where it is named last of these: the default, the YAML file of `--config FILE`, an environment variable, a flag. A key with a dot is written in the file as a section with the key below it. The file may hold no other keys; a mistyped one is refused, and the nearest key named. `./mixwell serve --help` lists the flags.
            """);
    made.section("The folders", "", ServerConfig.class, ServerConfig.DEFAULTS);
    for (RecordComponent section : ServerConfig.class.getRecordComponents())
      if (section.getType().isRecord())
        made.section(
            "`" + section.getName() + "`",
            section.getName() + ".",
            section.getType(),
            value(section, ServerConfig.DEFAULTS));
    return made.page.toString();
  }

  private void section(String title, String prefix, Class<?> type, Object defaults) {
    page.heading(title);
    if (!prefix.isEmpty()) page.paragraph(words.get(type.getSimpleName() + ".") + ".");
    page.header("key", "default", "bounds", "what it says", "variable");
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getType().isRecord()) continue;
      String key = prefix + component.getName();
      Object standard = value(component, defaults);
      String meaning = words.get(type.getSimpleName() + "." + component.getName());
      if (meaning == null) throw new IllegalStateException("no @param of " + key + " in " + SOURCE);
      boolean isRequired = prefix.isEmpty();
      page.row(
          "`" + key + "`",
          standard == null ? (isRequired ? "required" : "none") : shown(key, standard.toString()),
          bounds(key),
          meaning,
          "`" + ConfigReader.variable(key) + "`");
    }
  }

  private static String bounds(String key) {
    try {
      ConfigReader.read(null, Map.of(), Map.of(key, "-1"));
      return "a text";
    } catch (InvalidConfig refusal) {
      Matcher bounds = BOUNDS.matcher(String.valueOf(refusal.getMessage()));
      if (!bounds.find()) throw refusal;
      return shown(key, bounds.group(1)) + " to " + shown(key, bounds.group(2));
    }
  }

  /** Bytes in the largest unit that they are a whole number of. */
  private static String shown(String key, String value) {
    if (!value.matches("\\d+") || key.endsWith("port")) return value;
    long number = Long.parseLong(value);
    if (!key.endsWith("Bytes") || number == 0) return "%,d".formatted(number);
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = Math.min(Long.numberOfTrailingZeros(number) / 10, units.length - 1);
    return "%,d %s".formatted(number >> (10 * unit), units[unit]);
  }

  private static Object value(RecordComponent component, Object of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
