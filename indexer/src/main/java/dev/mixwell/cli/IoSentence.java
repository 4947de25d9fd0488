package dev.mixwell.cli;

import dev.mixwell.base.IoReason;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;

/** A failure of files or connections as a sentence with what to do. */
final class IoSentence {
  private IoSentence() {}

  /** Whether the places that a command was given cannot be used, and the machine is well. */
  static boolean isOfInput(IOException failure) {
    return failure instanceof BindException || IoReason.isOfPath(failure);
  }

  static String of(IOException failure) {
    String reason = IoReason.of(failure);
    String remedy = isOfInput(failure) ? "Check the path." : "Check the disk.";
    return switch (failure) {
      case FileSystemException e when e.getFile() != null ->
          "%s cannot be used: %s. %s".formatted(e.getFile(), reason, remedy);
      case BindException e ->
          "Cannot listen there: %s. Choose another address.".formatted(e.getMessage());
      case ConnectException e ->
          "Nobody answers there: %s. Start a server with `mixwell serve`, or name another address."
              .formatted(e.getMessage());
      case UnknownHostException e -> "There is no host " + e.getMessage() + ". Check the address.";
      default -> "Reading or writing failed: %s. %s".formatted(reason, remedy);
    };
  }
}
