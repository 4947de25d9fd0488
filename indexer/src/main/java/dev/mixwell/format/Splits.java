package dev.mixwell.format;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parts of a data set for training, validation and tests, told by names alone. */
public final class Splits {
  private static final Pattern VALIDATION =
      Pattern.compile("(^|[^a-z])(val|valid|validation|test|eval)([^a-z]|$)");

  private Splits() {}

  /** The files whose names have the split's name as a word; all where none is stated. */
  public static List<String> choose(List<String> files, @Nullable String split) {
    if (split == null) return files;
    var word = Pattern.compile("(^|[^A-Za-z])" + Pattern.quote(split) + "([^A-Za-z]|$)");
    List<String> chosen = files.stream().filter(f -> word.matcher(f).find()).toList();
    if (chosen.isEmpty())
      throw Faults.ask(
          String.join(", ", files.subList(0, Math.min(files.size(), 10))),
          "no file's name has the split \"%s\"".formatted(split),
          "Name another with --split.");
    return chosen;
  }

  public static boolean isValidation(String file) {
    return VALIDATION.matcher(file.toLowerCase(Locale.ROOT)).find();
  }

  /** Says so if files for validation are among others. */
  public static void warnOfValidation(DataSet data, List<String> files, Sink sink) {
    List<String> validation = files.stream().filter(Splits::isValidation).toList();
    if (!validation.isEmpty() && validation.size() < files.size())
      sink.warn(
          "%s: %s will be trained on with the rest; --split train leaves such files out"
              .formatted(data.name(), String.join(", ", validation)));
  }
}
