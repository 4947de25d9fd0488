package dev.mixwell.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** A failure of files or connections as a sentence: the JDK's messages are mostly a bare path. */
final class IoSentence {
  private IoSentence() {}

  /** Whether the paths that a command was given cannot be used, and the machine is well. */
  static boolean isOfInput(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _,
          AccessDeniedException _,
          NotDirectoryException _,
          FileAlreadyExistsException _,
          FileNotFoundException _,
          BindException _ ->
          true;
      default -> isOnDirectory(failure);
    };
  }

  static String of(IOException failure) {
    return switch (failure) {
      case NoSuchFileException e ->
          e.getFile() + ": there is no such file or folder. Check the path.";
      case AccessDeniedException e ->
          e.getFile() + ": this account may not use it. Check its owner and mode.";
      case NotDirectoryException e -> e.getFile() + " is no folder. Name a folder.";
      case FileAlreadyExistsException e ->
          e.getFile() + " is there already. Name another path, or remove it.";
      case DirectoryNotEmptyException e -> e.getFile() + " is not empty. Name another path.";
      case FileSystemException e ->
          "Reading or writing %s failed: %s. Check the disk."
              .formatted(e.getFile(), e.getReason() == null ? e.toString() : e.getReason());
      case BindException e ->
          "Cannot listen there: %s. Choose another address.".formatted(e.getMessage());
      case ConnectException e ->
          "Nobody answers there: %s. Start a server with `mixwell serve`, or name another address."
              .formatted(e.getMessage());
      case UnknownHostException e -> "There is no host " + e.getMessage() + ". Check the address.";
      default ->
          isOnDirectory(failure)
              ? "A folder is named where a file is expected. Name a file."
              : "Reading or writing failed: %s. Check the disk."
                  .formatted(failure.getMessage() == null ? failure : failure.getMessage());
    };
  }

  /** Reading a folder as a file: the JDK says so in its message only. */
  private static boolean isOnDirectory(IOException failure) {
    return "Is a directory".equals(failure.getMessage());
  }
}
