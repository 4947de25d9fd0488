package dev.mixwell.writing;

import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.Manifest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is there whole or not at all: made as {@code .NAME.partial} beside its place and
 * renamed at the end. Owned by one thread.
 *
 * <p>Closed before {@link #publish}, it is removed. What a killed process leaves is removed by the
 * next one; a file lock beside it keeps a second process from writing at the same time. A directory
 * that is replaced becomes {@code .NAME.replaced} for the moment between two renames; if the
 * process dies there, the next one puts it back.
 */
public final class StagedDirectory implements AutoCloseable {
  private final Path target;
  private final Path partial;
  private final Path replaced;
  private final Path lockFile;
  private final FileChannel lockChannel;

  private StagedDirectory(Path target, FileChannel lockChannel) {
    this.target = target;
    this.partial = sibling(target, ".partial");
    this.replaced = sibling(target, ".replaced");
    this.lockFile = sibling(target, ".lock");
    this.lockChannel = lockChannel;
  }

  /**
   * @param replace whether an index at {@code target} may be replaced
   * @throws Refusal bad-input if something else is there, or another process writes
   */
  public static StagedDirectory create(Path target, boolean replace) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (absolute.getFileName() == null) throw refused(target, "it is no directory to make");
    Files.createDirectories(parent(absolute));
    var staged = new StagedDirectory(absolute, lock(absolute));
    try {
      staged.recover();
      staged.checkTarget(replace);
      ForcedFiles.deleteTree(staged.partial);
      Files.createDirectory(staged.partial);
      return staged;
    } catch (IOException | RuntimeException e) {
      staged.close();
      throw e;
    }
  }

  /** Where to write. */
  public Path path() {
    return partial;
  }

  /** Forces the directory and gives it its name. */
  public void publish() throws IOException {
    ForcedFiles.force(partial);
    if (Files.exists(target)) Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    ForcedFiles.forceParent(target);
    ForcedFiles.deleteTree(replaced);
  }

  /** Removes what was not published. */
  @Override
  public void close() throws IOException {
    // An interrupt would close the channels that are needed here; it is handed on afterwards.
    boolean isInterrupted = Thread.interrupted();
    try (lockChannel) {
      ForcedFiles.deleteTree(partial);
      Files.deleteIfExists(lockFile);
    } finally {
      if (isInterrupted) Thread.currentThread().interrupt();
    }
  }

  private void recover() throws IOException {
    if (!Files.exists(replaced)) return;
    if (Files.exists(target)) ForcedFiles.deleteTree(replaced);
    else Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private void checkTarget(boolean replace) throws IOException {
    if (!Files.exists(target)) return;
    if (!Files.isDirectory(target)) throw refused(target, "a file of this name exists");
    if (!Files.exists(target.resolve(Manifest.FILE)) && !isEmpty(target))
      throw refused(target, "it exists and is no index, so it is not replaced");
    if (!replace && !isEmpty(target))
      throw refused(target, "it exists; name another, or replace it with --force");
  }

  private static FileChannel lock(Path target) throws IOException {
    Path file = sibling(target, ".lock");
    open(file).close();
    Object key = fileKey(file);
    FileChannel channel = open(file);
    try {
      // The last owner may have deleted the file before it was locked here: then it is another one.
      if (tryLock(channel) && key != null && key.equals(fileKey(file))) return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw refused(target, "another process is writing it (it holds " + file + ")");
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Asked without opening the file: closing any descriptor of it would end the lock. */
  private static @Nullable Object fileKey(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this process
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  private static Path sibling(Path target, String suffix) {
    return target.resolveSibling("." + target.getFileName() + suffix);
  }

  private static Path parent(Path absolute) {
    Path parent = absolute.getParent();
    return parent == null ? absolute : parent;
  }

  private static Refusal refused(Path target, String what) {
    return new Refusal(
            ProblemType.BAD_INPUT, "The index %s is not written: %s.".formatted(target, what))
        .with("file", target.toString());
  }
}
