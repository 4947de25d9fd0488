package dev.mixwell.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * HTTP/1.1 over kept connections, as little as a pull needs: java.net.http costs 0.5 to 1 ms a
 * request where a plain socket costs a tenth. It speaks no TLS, follows no redirects and knows no
 * proxies: the server is a sidecar, or sits behind one.
 *
 * <p>Thread-safe; each request in flight has a connection of its own, and a few are kept for the
 * next. A blocked virtual thread that is interrupted loses its connection and gets an IOException.
 */
public final class Transport implements AutoCloseable {
  /**
   * @param maxIdle connections kept for later
   * @param maxBodyBytes of a response
   */
  public record Limits(int maxIdle, int maxHeadBytes, int maxBodyBytes, Duration connectTimeout) {
    public static final Limits DEFAULT = new Limits(4, 32 << 10, 1 << 30, Duration.ofSeconds(10));
  }

  private static final int HTTP_PORT = 80;

  private final String host;
  private final int port;
  private final String prefix;
  private final Limits limits;
  private final LinkedBlockingDeque<Connection> idle;
  private volatile boolean closed;

  /**
   * @param base such as {@code http://127.0.0.1:8080}; a path is put before every target
   */
  public Transport(URI base, Limits limits) {
    if (!"http".equals(base.getScheme()) || base.getHost() == null)
      throw new IllegalArgumentException(
          "use http://host:port, not " + base + " (TLS ends before the sidecar)");
    if (base.getHost().contains("%"))
      throw new IllegalArgumentException(
          "use an address without an interface behind %, not " + base);
    host = base.getHost();
    port = base.getPort() < 0 ? HTTP_PORT : base.getPort();
    String path = base.getRawPath() == null ? "" : base.getRawPath();
    prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    this.limits = limits;
    idle = new LinkedBlockingDeque<>(limits.maxIdle());
  }

  /**
   * Sends and waits for the whole response.
   *
   * @throws IOException if there is none: the request may have been done or not. The kept
   *     connections are given up then, since the peer has probably gone with all of them.
   */
  public Response send(Request request) throws IOException {
    if (closed) throw new IOException("the transport is closed");
    Connection kept = idle.pollFirst();
    Connection connection = kept == null ? new Connection(host, port, limits) : kept;
    try {
      Response response = connection.exchange(prefixed(request));
      release(connection);
      return response;
    } catch (IOException e) {
      connection.close();
      closeIdle();
      throw e;
    }
  }

  private Request prefixed(Request r) {
    return prefix.isEmpty()
        ? r
        : new Request(r.method(), prefix + r.target(), r.headers(), r.body(), r.timeout());
  }

  private void release(Connection connection) {
    if (!connection.isReusable() || closed || !idle.offerFirst(connection)) connection.close();
    if (closed) closeIdle();
  }

  private void closeIdle() {
    for (Connection c = idle.pollFirst(); c != null; c = idle.pollFirst()) c.close();
  }

  /** Closes the kept connections; requests in flight end first. */
  @Override
  public void close() {
    closed = true;
    closeIdle();
  }

  @Override
  public String toString() {
    return "http://" + host + ":" + port + prefix;
  }
}
