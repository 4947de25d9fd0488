package dev.mixwell.timeline;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What went wrong with a timeline's file, as a refusal that names the file and what to do. */
final class StorageFailure {
  private StorageFailure() {}

  /**
   * @param done what could not be done, as a participle
   */
  static Refusal of(Path file, String done, Exception cause) {
    String why =
        code(cause) == SQLiteErrorCode.SQLITE_FULL
            ? "the disk is full"
            : String.valueOf(cause.getMessage());
    return new Refusal(
            ProblemType.STORAGE_FAILED,
            "The timeline %s could not be %s: %s. Free space or mend the disk, then try again."
                .formatted(file, done, why))
        .with("file", file.toString());
  }

  /**
   * A failed read: damage, unless the file may be whole and only out of reach.
   *
   * @param sequence the first that was not read
   */
  static Refusal whileReading(Path file, long sequence, SQLException cause) {
    boolean isOutOfReach =
        switch (code(cause)) {
          case SQLITE_BUSY,
              SQLITE_LOCKED,
              SQLITE_CANTOPEN,
              SQLITE_PERM,
              SQLITE_READONLY,
              SQLITE_FULL,
              SQLITE_NOMEM ->
              true;
          case SQLITE_IOERR -> !isUnreadable(cause);
          default -> false;
        };
    return isOutOfReach
        ? of(file, "read", cause)
        : damaged(file, sequence, "it cannot be read: " + cause.getMessage());
  }

  /**
   * Whether the file's own content was not to be had; other failures are of what lies beside it.
   */
  private static boolean isUnreadable(SQLException cause) {
    return cause instanceof SQLiteException e
        && switch (e.getResultCode()) {
          case SQLITE_IOERR, SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ -> true;
          default -> false;
        };
  }

  static Refusal damaged(Path file, long sequence, String what) {
    return new Refusal(
            ProblemType.TIMELINE_DAMAGED,
            "The timeline %s is damaged at sequence number %d: %s. Restore the run's folder from a copy."
                .formatted(file, sequence, what))
        .with("file", file.toString())
        .with("sequence", sequence);
  }

  /** The primary code: its variants differ in the bits above the lowest eight. */
  private static SQLiteErrorCode code(Exception cause) {
    if (!(cause instanceof SQLiteException e)) return SQLiteErrorCode.UNKNOWN_ERROR;
    return SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xff);
  }
}
