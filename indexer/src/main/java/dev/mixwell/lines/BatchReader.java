package dev.mixwell.lines;

import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the inputs one after the other, in batches of lines. Owned by one thread. */
public final class BatchReader implements AutoCloseable {
  /** A batch ends with the line that reaches one of these. */
  private static final int BATCH_BYTES = 256 << 10;

  private static final int BATCH_LINES = 1024;

  private final Iterator<Path> inputs;
  private @Nullable LineReader reader;
  private long closedBytes;
  private @Nullable Refusal failure;

  public BatchReader(List<Path> inputs) {
    this.inputs = inputs.iterator();
  }

  /**
   * The next lines; none at the end of the last input.
   *
   * @throws Refusal bad-input for damage, after all lines before it
   */
  public List<Line> next() throws IOException {
    if (failure != null) throw failure;
    var lines = new ArrayList<Line>();
    try {
      fill(lines);
    } catch (Refusal e) {
      if (lines.isEmpty()) throw e;
      failure = e;
    }
    return lines;
  }

  private void fill(List<Line> lines) throws IOException {
    for (int bytes = 0; bytes < BATCH_BYTES && lines.size() < BATCH_LINES; ) {
      Line line = nextLine();
      if (line == null) return;
      lines.add(line);
      bytes += line.utf8().length;
    }
  }

  public long readBytes() {
    return closedBytes + (reader == null ? 0 : reader.readBytes());
  }

  @Override
  public void close() throws IOException {
    if (reader != null) reader.close();
  }

  private @Nullable Line nextLine() throws IOException {
    while (true) {
      if (reader == null) {
        if (!inputs.hasNext()) return null;
        reader = new LineReader(inputs.next());
      }
      Line line = reader.next();
      if (line != null) return line;
      closedBytes += reader.readBytes();
      reader.close();
      reader = null;
    }
  }
}
