package dev.mixwell.http;

import dev.mixwell.base.IoReason;
import dev.mixwell.config.InvalidConfig;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The file of a Unix domain socket, which a killed server leaves behind. */
final class SocketFile {
  private static final int MAX_PATH_BYTES = 107; // sockaddr_un, without its final zero
  private static final int S_IFMT = 0170000; // the file's type in its mode, inode(7)
  private static final int S_IFSOCK = 0140000;

  private SocketFile() {}

  /**
   * Removes what a server that is gone has left.
   *
   * @throws InvalidConfig if the path is too long, something else lies there, or a server listens
   */
  static Path free(Path path) {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_PATH_BYTES)
      throw unusable(path, "has %d bytes; the system takes %d".formatted(length, MAX_PATH_BYTES));
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder))
      throw unusable(path, "lies in a folder that does not exist");
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return path;
    if (!isSocket(path)) throw unusable(path, "is there already and is no socket");
    try (var probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      throw unusable(path, "is in use by another server");
    } catch (IOException nobodyListens) {
      return deleted(path);
    }
  }

  /** By its mode: a pipe or a device is no plain file either, and must not be removed. */
  private static boolean isSocket(Path path) {
    try {
      var mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      return (mode & S_IFMT) == S_IFSOCK;
    } catch (IOException e) {
      throw unusable(path, "cannot be looked at (" + IoReason.of(e) + ")");
    }
  }

  private static Path deleted(Path path) {
    try {
      Files.delete(path);
      return path;
    } catch (IOException e) {
      throw unusable(path, "was left behind and cannot be removed (" + IoReason.of(e) + ")");
    }
  }

  private static InvalidConfig unusable(Path path, String what) {
    return new InvalidConfig(
        "`http.unixSocket` " + path + " " + what + ". Choose another path, or free this one.");
  }
}
