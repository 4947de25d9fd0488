package dev.mixwell.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class IoReasonTest {
  private static final String MISSING = "there is no such file or folder";

  @TempDir private Path folder;

  @Test
  void aFileIsMissingHoweverItIsOpened() {
    Path missing = folder.resolve("missing");
    assertEquals(MISSING, reason(() -> Files.readAllBytes(missing)));
    assertEquals(MISSING, reason(() -> new RandomAccessFile(missing.toFile(), "r").close()));
  }

  @Test
  void aFolderIsNoFile() {
    assertEquals("it is a folder", reason(() -> Files.readAllBytes(folder)));
    assertEquals(
        "it is a folder", reason(() -> new RandomAccessFile(folder.toFile(), "r").close()));
  }

  @Test
  void aFileThatIsThereIsNotCalledMissing() {
    assertEquals("Too many open files", notFound("/a (b)/c (Too many open files)"));
    assertEquals(IoReason.of(new AccessDeniedException("/a")), notFound("/a (Permission denied)"));
  }

  private static String notFound(String message) {
    return IoReason.of(new FileNotFoundException(message));
  }

  private static String reason(Executable opening) {
    return IoReason.of(assertThrows(IOException.class, opening));
  }
}
