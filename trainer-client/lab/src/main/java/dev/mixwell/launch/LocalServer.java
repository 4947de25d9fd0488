package dev.mixwell.launch;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server in a process of its own, on a free port of this machine. Ends with {@link #close}. */
public final class LocalServer implements AutoCloseable {
  /** The launcher may have to build the server first. */
  private static final Duration START = Duration.ofMinutes(5);

  private static final String READY = "mixwell: serving ";

  private final Child process;
  private final URI url;

  private LocalServer(Child process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Returns once it answers.
   *
   * @param data of the runs' timelines
   * @param log gets what the server prints
   * @throws IOException if it does not start; the message ends with what it printed
   */
  public static LocalServer start(Launcher launcher, Path index, Path data, Path log)
      throws IOException, InterruptedException {
    var arguments =
        List.of("serve", "--index", index.toString(), "--data", data.toString(), "--port", "0");
    Child process = launcher.start(log, arguments);
    try {
      String url = process.awaitLine(READY, START).split(" ", 2)[0];
      return new LocalServer(process, URI.create(url));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  public URI url() {
    return url;
  }

  /** Waits until somebody else ends it. */
  public void awaitEnd() throws IOException, InterruptedException {
    process.awaitEnd();
  }

  @Override
  public void close() {
    process.close();
  }
}
