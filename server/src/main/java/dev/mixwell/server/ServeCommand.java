package dev.mixwell.server;

import dev.mixwell.base.Refusal;
import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.EndsItself;
import dev.mixwell.cli.Program;
import dev.mixwell.config.ConfigReader;
import dev.mixwell.config.InvalidConfig;
import dev.mixwell.http.HttpServer;
import dev.mixwell.metrics.Meters;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves until the process is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Serves batches over HTTP until it is stopped (SIGTERM, Ctrl-C).",
    footer = {
      "",
      "Examples:",
      "  mixwell serve --index corpus/index --data runs",
      "  mixwell serve --config mixwell.yaml --port 9000",
      "  mixwell serve --index corpus/index --data runs --socket /run/mixwell.sock",
      "  MIXWELL_HTTP_HOST=0.0.0.0 mixwell serve --index corpus/index --data runs",
      "",
      "Each key of the configuration file is an environment variable, too:",
      "http.maxBodyBytes is MIXWELL_HTTP_MAX_BODY_BYTES. Flags beat variables, variables beat the file."
    })
public final class ServeCommand implements Callable<Integer>, EndsItself {
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  /**
   * Tells of itself at every start. Held, because the logging of the JDK forgets the level of a
   * logger that nobody holds.
   */
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  /** Logs a failed bind with its stack and returns; the command says it in a line. */
  private static final Logger BINDING = Logger.getLogger("io.helidon.webserver.LoomServer");

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--index", paramLabel = "DIR", description = "What `mixwell index` has written.")
  private @Nullable String index;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the runs' timelines are kept; made if missing. One server at a time.")
  private @Nullable String data;

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file of settings.")
  private @Nullable Path config;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on; 0 takes a free one. Default: 8080.")
  private @Nullable String port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on. Default: 127.0.0.1, this machine only.")
  private @Nullable String host;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "Unix domain socket to listen on as well, for trainers on this machine.")
  private @Nullable String socket;

  /** Initialises what every server needs and takes long, on a thread of its own. */
  static void preload() {
    setLogs();
    Thread.ofPlatform()
        .daemon()
        .name("preload")
        .start(
            () -> {
              SqliteTimelineStore.preload();
              new Meters().close();
              HttpServer.preload();
            });
  }

  private static void setLogs() {
    if (System.getProperty(LOG_FORMAT) == null)
      System.setProperty(LOG_FORMAT, "%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n");
    HELIDON.setLevel(Level.SEVERE);
    BINDING.setLevel(Level.OFF);
  }

  @Override
  public Integer call() throws InterruptedException {
    setLogs();
    Serving serving = start();
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  serving.close();
                  stopped.countDown();
                },
                "stop"));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println("mixwell: serving " + serving);
    out.flush();
    stopped.await();
    return Program.DONE;
  }

  private Serving start() {
    try {
      return Serving.start(ConfigReader.read(config, System.getenv(), flags()));
    } catch (InvalidConfig | Refusal e) { // nothing to serve, or where it cannot be
      throw new CommandFailed(Program.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  private Map<String, String> flags() {
    var flags = new LinkedHashMap<String, String>();
    if (index != null) flags.put("index", index);
    if (data != null) flags.put("data", data);
    if (port != null) flags.put("http.port", port);
    if (host != null) flags.put("http.host", host);
    if (socket != null) flags.put("http.unixSocket", socket);
    return flags;
  }
}
