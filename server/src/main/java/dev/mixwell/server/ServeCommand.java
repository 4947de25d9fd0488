package dev.mixwell.server;

import dev.mixwell.base.Refusal;
import dev.mixwell.config.ConfigReader;
import dev.mixwell.config.InvalidConfig;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Serves until the process is told to stop. The exit code is 2 if it cannot start, with the reason
 * and the remedy.
 */
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
public final class ServeCommand implements Callable<Integer> {
  private static final int CANNOT_START = 2;

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

  @Override
  public Integer call() throws InterruptedException {
    var commandLine = Objects.requireNonNull(spec).commandLine();
    Serving serving;
    try {
      serving = Serving.start(ConfigReader.read(config, System.getenv(), flags()));
    } catch (InvalidConfig | Refusal e) {
      return cannotStart(commandLine, String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof BindException address)) throw e;
      String what = "Cannot listen on " + address.getMessage();
      String why = ": the port is taken, or the address is not this machine's. ";
      return cannotStart(
          commandLine, what + why + "Stop the other program, or choose another --port or --host.");
    }
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  serving.close();
                  stopped.countDown();
                },
                "stop"));
    commandLine.getOut().println("mixwell: serving " + serving);
    commandLine.getOut().flush();
    stopped.await();
    return 0;
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

  private static int cannotStart(CommandLine commandLine, String why) {
    commandLine.getErr().println("mixwell: " + why);
    commandLine.getErr().flush();
    return CANNOT_START;
  }
}
