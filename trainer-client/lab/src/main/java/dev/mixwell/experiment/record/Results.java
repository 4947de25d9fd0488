package dev.mixwell.experiment.record;

import dev.mixwell.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of what is finished.
 *
 * <pre>
 *  ARM-sSEED.json           an {@link ArmResult}: nothing of it is done again
 *  parts/ARM-sSEED/RUN.json one finished run of several, until all are
 * </pre>
 *
 * A file is there whole or not at all. One thread at a time.
 */
public final class Results {
  private final Path directory;
  private final Path parts;

  /** A finished run on the way to an {@link ArmResult}. */
  private record Part(Conditions conditions, StageResult result) {}

  public Results(Path directory) {
    this.directory = directory;
    this.parts = directory.resolve("parts");
  }

  /**
   * The result of an arm and seed; null if there is none yet.
   *
   * @throws InvalidExperiment if it was made under other conditions
   */
  public @Nullable ArmResult find(Conditions conditions, long seed) throws IOException {
    Path file = file(conditions, seed);
    if (!Files.exists(file)) return null;
    ArmResult result = Json.read(Files.readAllBytes(file), ArmResult.class);
    check(file, conditions, result.conditions());
    return result;
  }

  public void save(ArmResult result) throws IOException {
    Path file = file(result.conditions(), result.seed());
    write(file, result);
    Path done = parts.resolve(name(result.conditions(), result.seed()));
    if (!Files.exists(done)) return;
    try (Stream<Path> files = Files.list(done)) {
      for (Path part : files.toList()) Files.delete(part);
    }
    Files.delete(done);
  }

  public @Nullable StageResult findPart(Conditions conditions, Stage stage) throws IOException {
    Path file = part(conditions, stage);
    if (!Files.exists(file)) return null;
    Part part = Json.read(Files.readAllBytes(file), Part.class);
    check(file, conditions, part.conditions);
    return part.result;
  }

  public void savePart(Conditions conditions, Stage stage, StageResult result) throws IOException {
    write(part(conditions, stage), new Part(conditions, result));
  }

  public Path file(Conditions conditions, long seed) {
    return directory.resolve(name(conditions, seed) + ".json");
  }

  private Path part(Conditions conditions, Stage stage) {
    return parts.resolve(name(conditions, stage.seed())).resolve(stage.name() + ".json");
  }

  private static String name(Conditions conditions, long seed) {
    return conditions.arm().name() + "-s" + seed;
  }

  private static void check(Path file, Conditions now, Conditions then) {
    String difference = now.difference(then);
    if (difference != null)
      throw new InvalidExperiment(
          "%s was made under other conditions: %s. Give the experiment another `name`, or delete that file to make it again."
              .formatted(file, difference));
  }

  private static void write(Path file, Object value) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(partial, Json.write(value) + "\n");
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
