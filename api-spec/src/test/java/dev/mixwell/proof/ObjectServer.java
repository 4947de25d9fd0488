package dev.mixwell.proof;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * S3Proxy over a folder, in a process and on a class path of its own. Buckets are folders, and
 * objects files in them. Takes requests signed with the credentials that it sets for this process.
 */
public final class ObjectServer implements AutoCloseable {
  private static final Pattern STARTED = Pattern.compile("Started .*\\{127\\.0\\.0\\.1:(\\d+)}");
  private static final Path CLASS_PATH = Path.of("target", "object-server.classpath");

  private final Path folder;
  private int port; // the same after each start
  private @Nullable Process process;

  /**
   * @param folder is there
   */
  public ObjectServer(Path folder) throws IOException {
    this.folder = folder;
    System.setProperty("aws.accessKeyId", "mixwell");
    System.setProperty("aws.secretAccessKey", "mixwell-secret");
    start();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  public void start() throws IOException {
    var settings = new Properties();
    settings.setProperty("s3proxy.endpoint", endpoint());
    settings.setProperty("s3proxy.authorization", "aws-v2-or-v4");
    settings.setProperty("s3proxy.identity", "mixwell");
    settings.setProperty("s3proxy.credential", "mixwell-secret");
    settings.setProperty("jclouds.provider", "filesystem-nio2");
    settings.setProperty("jclouds.filesystem.basedir", folder.toString());
    Path file = Files.createTempFile("object-server-", ".properties");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        settings.store(out, null);
      }
      Process started =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-XX:TieredStopAtLevel=1",
                      "-XX:+UseSerialGC",
                      "-Xmx256m",
                      "-DLOG_LEVEL=info",
                      "-cp",
                      Files.readString(CLASS_PATH).strip(),
                      "org.gaul.s3proxy.Main",
                      "--properties",
                      file.toString()))
              .redirectErrorStream(true)
              .start();
      process = started;
      awaitPort(started);
    } finally {
      Files.delete(file);
    }
  }

  private void awaitPort(Process started) throws IOException {
    BufferedReader log = started.inputReader(StandardCharsets.UTF_8);
    var said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      Matcher matcher = STARTED.matcher(line);
      if (!matcher.find()) continue;
      port = Integer.parseInt(matcher.group(1));
      Thread.ofPlatform().daemon().start(() -> log.lines().forEach(_ -> {})); // or its pipe fills
      return;
    }
    throw new IOException("the object server did not start:\n" + said);
  }

  /** Ends the process: whatever it was sending is cut off. */
  public void stop() throws InterruptedException {
    Process running = process;
    process = null;
    if (running == null) return;
    running.destroyForcibly();
    if (!running.waitFor(30, TimeUnit.SECONDS)) throw new IllegalStateException("did not end");
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
