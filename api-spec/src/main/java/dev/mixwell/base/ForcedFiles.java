package dev.mixwell.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;

/**
 * Files and directories that survive a power cut: the disk holds what a call made when it returns.
 * A new file survives with its name only once its directory is forced, too.
 */
public final class ForcedFiles {
  private ForcedFiles() {}

  /** Forces a file's content, or the names in a directory. */
  public static void force(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Forces the names in the directory of a file or directory. */
  public static void forceParent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) force(parent);
  }

  /** Writes and forces a file that must not exist; its directory is the caller's to force. */
  public static void write(Path file, ByteBuffer... content) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (ByteBuffer bytes : content) while (bytes.hasRemaining()) channel.write(bytes);
      channel.force(true);
    }
  }

  /** Writes and forces a file that must not exist; its directory is the caller's to force. */
  public static void write(Path file, byte[] content) throws IOException {
    write(file, ByteBuffer.wrap(content));
  }

  /** Creates a directory and its missing parents, each forced into its own parent. */
  public static void createDirectories(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    if (Files.isDirectory(absolute)) return;
    Path parent = absolute.getParent();
    if (parent != null) createDirectories(parent);
    Files.createDirectory(absolute);
    if (parent != null) force(parent);
  }

  /** Deletes a file, or a directory and all in it, and forces that its name is gone. */
  public static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) return;
    List<Path> deepestFirst;
    try (var tree = Files.walk(root)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : deepestFirst) Files.delete(path);
    forceParent(root);
  }
}
