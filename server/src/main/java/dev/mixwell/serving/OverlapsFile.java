package dev.mixwell.serving;

import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.group.GroupOverlap;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code overlaps.json} in a run's folder: which groups share documents, which takes a pass through
 * all extents to find. Its SHA-256 in the first line, then the overlaps; what does not fit together
 * counts as missing, since it can be found again.
 */
final class OverlapsFile {
  private static final Logger LOG = System.getLogger(OverlapsFile.class.getName());

  private record Overlaps(List<GroupOverlap> overlaps) {}

  private final Path path;

  OverlapsFile(Path folder) {
    this.path = folder.resolve("overlaps.json");
  }

  /** Null if there is no file, or not a whole one, which is logged. */
  @Nullable List<GroupOverlap> read() {
    try {
      String[] lines = Files.readString(path).split("\n", 2);
      if (lines.length == 2 && lines[0].equals(Sha256.of(lines[1])))
        return Json.read(lines[1], Overlaps.class).overlaps;
      LOG.log(Level.WARNING, "{0} is damaged, and is made again", path);
    } catch (NoSuchFileException none) {
      return null;
    } catch (IOException | Refusal e) {
      LOG.log(Level.WARNING, "%s cannot be read, and is made again".formatted(path), e);
    }
    return null;
  }

  /**
   * @throws Refusal storage-failed
   */
  void write(List<GroupOverlap> overlaps) {
    Path beside = path.resolveSibling(path.getFileName() + ".tmp");
    String json = Json.write(new Overlaps(overlaps));
    try {
      Files.writeString(beside, Sha256.of(json) + "\n" + json);
      ForcedFiles.force(beside);
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      ForcedFiles.forceParent(path);
    } catch (IOException e) {
      throw new Refusal(
              ProblemType.STORAGE_FAILED,
              "The file %s could not be written: %s. Free space or mend the disk, then try again."
                  .formatted(path, IoReason.of(e)))
          .with("file", path.toString());
    }
  }
}
