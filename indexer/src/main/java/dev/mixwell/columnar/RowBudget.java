package dev.mixwell.columnar;

/**
 * How much a file's rows may say. A text that is stored once may stand in any number of rows, and a
 * few bytes say that it does. Owned by one thread.
 */
final class RowBudget {
  /** A line of JSON is no longer, either. */
  static final int MAX_ROW_BYTES = 64 << 20;

  private static final long FREE_BYTES = 256L << 20;
  private static final int PER_BYTE = 1 << 10;
  private static final int VALUE_BYTES = 64; // of the objects that a row keeps
  private static final int WORK_BYTES = 32; // as long as a value takes

  private long left;
  private long row;

  RowBudget(long fileBytes) {
    this.left = FREE_BYTES + PER_BYTE * fileBytes;
  }

  void beginRow() {
    row = 0;
  }

  void takeId() throws UnreadableFile {
    take(Integer.BYTES);
  }

  /** A value that is to become an object. */
  void takeValue(int sizeBytes) throws UnreadableFile {
    take(VALUE_BYTES + sizeBytes);
    left -= WORK_BYTES + sizeBytes;
    if (left < 0)
      throw UnreadableFile.unsupported(
          "its rows hold more than %,d times its bytes".formatted(PER_BYTE));
  }

  private void take(long bytes) throws UnreadableFile {
    row += bytes;
    if (row > MAX_ROW_BYTES)
      throw UnreadableFile.unsupported(
          "a row of it holds more than %,d MiB".formatted(MAX_ROW_BYTES >> 20));
  }
}
