package dev.mixwell.timeline;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;

/** Directories whose names survive a power cut. */
public final class Directories {
  private Directories() {}

  /** Creates a directory and its missing parents, each forced into its own parent. */
  public static void create(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    if (Files.isDirectory(absolute)) return;
    Path parent = absolute.getParent();
    if (parent != null) create(parent);
    Files.createDirectory(absolute);
    if (parent != null) force(parent);
  }

  /** Forces the names in a directory. */
  static void force(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  public static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (var tree = Files.walk(directory)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) Files.delete(path);
    force(directory.toAbsolutePath().resolveSibling("."));
  }
}
