package dev.mixwell.lines;

import dev.mixwell.base.Refusal;
import dev.mixwell.compress.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one input that are not blank. A line ends with LF, CR LF or the file. Owned by one
 * thread.
 */
final class LineReader implements AutoCloseable {
  /** The longest documents of public corpora are books of a few MiB. */
  static final int MAX_LINE_BYTES = 64 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final CountedStream raw;
  private final InputStream in;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private long lines;

  /**
   * @throws Refusal bad-input if the file cannot be read or is not what its name says
   */
  LineReader(Path file) throws IOException {
    this.file = file;
    try {
      // A channel's stream can be interrupted; Files.newInputStream cannot.
      var channel = FileChannel.open(file, StandardOpenOption.READ);
      this.raw = new CountedStream(Channels.newInputStream(channel));
      this.in = NamedInput.open(raw, file.getFileName().toString(), new Place(file, 0));
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw new Place(file, 0)
          .refused("it cannot be read (%s)".formatted(e), "Check the path and the permissions.");
    }
  }

  /** Bytes of the file, as it lies on disk, that have been read. */
  long readBytes() {
    return raw.count();
  }

  /**
   * The next line that is not blank; null at the end.
   *
   * @throws Refusal bad-input for a line beyond {@link #MAX_LINE_BYTES}, and for damage of the
   *     compressed file
   */
  @Nullable Line next() throws IOException {
    for (byte[] line = line(); line != null; line = line())
      if (!isBlank(line)) return new Line(place(), line);
    return null;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private byte @Nullable [] line() throws IOException {
    var line = new ByteArrayOutputStream(256);
    while (buffer.hasRemaining() || fill()) {
      int end = indexOfLineFeed();
      line.write(buffer.array(), buffer.position(), end - buffer.position());
      if (line.size() > MAX_LINE_BYTES) throw tooLong();
      if (end < buffer.limit()) {
        buffer.position(end + 1);
        return ended(line);
      }
      buffer.position(end);
    }
    return line.size() == 0 ? null : ended(line);
  }

  private byte[] ended(ByteArrayOutputStream line) {
    lines++;
    return line.toByteArray(); // a CR before the LF is white space to JSON
  }

  private int indexOfLineFeed() {
    int at = buffer.position();
    while (at < buffer.limit() && buffer.get(at) != '\n') at++;
    return at;
  }

  private boolean fill() throws IOException {
    try {
      int count = in.read(buffer.array(), 0, BUFFER_BYTES);
      buffer.position(0).limit(Math.max(0, count));
      return count > 0;
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw new Place(file, lines + 1)
          .refused(Compression.flaw(e), "Fetch it again, or compress its source again.");
    }
  }

  private Refusal tooLong() {
    lines++;
    return place()
        .refused(
            "the line is longer than %,d MiB".formatted(MAX_LINE_BYTES >> 20),
            "Is it JSON lines? Split the document.");
  }

  private Place place() {
    return new Place(file, lines);
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) if (b != ' ' && b != '\t' && b != '\r') return false;
    return true;
  }
}
