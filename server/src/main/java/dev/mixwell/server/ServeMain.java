package dev.mixwell.server;

import dev.mixwell.cli.QuietLibraries;
import dev.mixwell.http.HttpServer;
import dev.mixwell.metrics.Meters;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** Entry point of {@code mixwell serve}. */
public final class ServeMain {
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  /**
   * Tells of itself at every start. Held, because the logging of the JDK forgets the level of a
   * logger that nobody holds.
   */
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  /** Logs a failed bind with its stack and returns; the command says it in a line. */
  private static final Logger BINDING = Logger.getLogger("io.helidon.webserver.LoomServer");

  private ServeMain() {}

  public static void main(String[] arguments) {
    if (System.getProperty(LOG_FORMAT) == null)
      System.setProperty(LOG_FORMAT, "%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n");
    QuietLibraries.silence();
    HELIDON.setLevel(Level.SEVERE);
    BINDING.setLevel(Level.OFF);
    Thread.ofPlatform().daemon().name("preload").start(ServeMain::preload);
    System.exit(new CommandLine(new ServeCommand()).execute(arguments));
  }

  /** Initialises what every server needs and takes long, while the command line is read. */
  private static void preload() {
    SqliteTimelineStore.preload();
    new Meters().close();
    HttpServer.preload();
  }
}
