package dev.mixwell.experiment.record;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.Nearest;
import dev.mixwell.base.Refusal;
import dev.mixwell.config.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

/** Reads an {@link ExperimentSpec} from YAML. Unknown keys and keys that stand twice are errors. */
public final class ExperimentReader {
  private ExperimentReader() {}

  /**
   * @throws InvalidExperiment naming the file, the key, its line, and what to write instead
   */
  public static ExperimentSpec read(Path file) {
    try {
      ExperimentSpec spec = Yaml.read(Files.readString(file), ExperimentSpec.class);
      if (spec == null) throw new InvalidExperiment("is empty");
      return spec;
    } catch (JsonProcessingException e) {
      throw new InvalidExperiment(file + ": " + what(e) + line(e));
    } catch (InvalidExperiment e) {
      throw new InvalidExperiment(file + ": " + e.getMessage());
    } catch (IOException e) {
      throw new InvalidExperiment(
          "%s cannot be read: %s. Check the path.".formatted(file, IoReason.of(e)));
    }
  }

  private static String what(JsonProcessingException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause())
      if (cause instanceof InvalidExperiment || cause instanceof Refusal)
        return String.valueOf(cause.getMessage());
    String key = e instanceof JsonMappingException mapping ? key(mapping) : "";
    if (e instanceof UnrecognizedPropertyException unknown) {
      var known = unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
      return "there is no key `%s`; the nearest is `%s`. Known are: %s"
          .formatted(key, Nearest.of(unknown.getPropertyName(), known), String.join(", ", known));
    }
    if (key.isEmpty()) return "is not YAML as expected: " + e.getOriginalMessage();
    return "`" + key + "` is not as expected: " + e.getOriginalMessage();
  }

  /** Such as {@code arms.2.mixer}. */
  private static String key(JsonMappingException e) {
    var path = new StringJoiner(".");
    for (JsonMappingException.Reference at : e.getPath())
      path.add(at.getFieldName() == null ? "" + at.getIndex() : at.getFieldName());
    return path.toString();
  }

  /** An unknown key is noticed only behind its record, so that its line is not known. */
  private static String line(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    boolean known =
        at != null && at.getLineNr() > 0 && !(e instanceof UnrecognizedPropertyException);
    return known ? " (line " + at.getLineNr() + ")" : "";
  }
}
