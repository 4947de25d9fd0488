package dev.mixwell.manifest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** New files that are on disk when the call returns. */
final class ForcedFile {
  private ForcedFile() {}

  static void write(Path file, byte[] content) throws IOException {
    var bytes = ByteBuffer.wrap(content);
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) channel.write(bytes);
      channel.force(true);
    }
  }
}
