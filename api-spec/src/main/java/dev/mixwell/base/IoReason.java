package dev.mixwell.base;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Why a file could not be used, for a sentence that names the file: the JDK's own messages are
 * mostly a bare path behind a class's name.
 */
public final class IoReason {
  private static final String MISSING = "there is no such file or folder";
  private static final String FORBIDDEN = "this account may not use it";

  private IoReason() {}

  /** The reason, such as {@code there is no such file or folder}. */
  public static String of(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> MISSING;
      case AccessDeniedException _ -> FORBIDDEN;
      case FileNotFoundException e -> of(systemReason(e));
      case NotDirectoryException _ -> "it is no folder";
      case FileAlreadyExistsException _ -> "it is there already";
      case DirectoryNotEmptyException _ -> "it is not empty";
      case FileSystemException e when e.getReason() != null -> of(e.getReason());
      default -> of(String.valueOf(failure.getMessage()));
    };
  }

  private static String of(String reason) {
    return switch (reason) {
      case "No such file or directory" -> MISSING;
      case "Permission denied" -> FORBIDDEN;
      case "Is a directory" -> "it is a folder";
      case "Not a directory" -> "it lies below a file";
      default -> reason;
    };
  }

  /** The JDK throws this one for whatever keeps a file from being opened, and says what last. */
  private static String systemReason(FileNotFoundException failure) {
    String message = String.valueOf(failure.getMessage());
    int from = message.lastIndexOf('(');
    boolean isSaid = from >= 0 && message.endsWith(")");
    return isSaid ? message.substring(from + 1, message.length() - 1) : MISSING;
  }

  /** Whether another path would do: the machine is well. */
  public static boolean isOfPath(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _,
          FileNotFoundException _,
          AccessDeniedException _,
          NotDirectoryException _,
          FileAlreadyExistsException _,
          DirectoryNotEmptyException _ ->
          true;
      case FileSystemException e -> "Not a directory".equals(e.getReason());
      default -> "Is a directory".equals(failure.getMessage());
    };
  }
}
