package dev.mixwell.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForcedFilesTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsThereInItsOrder() throws IOException {
    Path file = folder.resolve("file");
    ForcedFiles.write(file, ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3}));
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), ByteBuffer.wrap(Files.readAllBytes(file)));
  }

  @Test
  void aFileThatExistsIsNotWrittenOver() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before");
    assertThrows(FileAlreadyExistsException.class, () -> ForcedFiles.write(file, new byte[] {1}));
    assertEquals("before", Files.readString(file));
  }

  @Test
  void missingParentsAreMadeAndATreeIsDeletedWhole() throws IOException {
    Path deep = folder.resolve("a/b/c");
    ForcedFiles.createDirectories(deep);
    ForcedFiles.createDirectories(deep);
    assertTrue(Files.isDirectory(deep));
    Files.writeString(deep.resolve("file"), "x");
    ForcedFiles.deleteTree(folder.resolve("a"));
    ForcedFiles.deleteTree(folder.resolve("a"));
    assertFalse(Files.exists(folder.resolve("a")));
    assertTrue(Files.exists(folder));
  }
}
