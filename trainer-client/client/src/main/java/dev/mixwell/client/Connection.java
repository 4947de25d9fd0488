package dev.mixwell.client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One open connection. Owned by one thread at a time. */
final class Connection implements AutoCloseable {
  private final Socket socket;
  private final String host;
  private final OutputStream out;
  private final ResponseReader reader;
  private boolean reusable = true;

  Connection(String host, int port, Transport.Limits limits) throws IOException {
    this.host = host + ":" + port;
    socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), (int) limits.connectTimeout().toMillis());
      out = socket.getOutputStream();
      reader =
          new ResponseReader(socket.getInputStream(), limits.maxHeadBytes(), limits.maxBodyBytes());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  Response exchange(Request request) throws IOException {
    reusable = false; // until the response is whole
    socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, request.timeout().toMillis()));
    out.write(bytes(request));
    Response response = reader.read(request.method().equals("HEAD"));
    reusable = !"close".equalsIgnoreCase(response.header("connection"));
    return response;
  }

  boolean isReusable() {
    return reusable;
  }

  /**
   * Head and body as one write: two would cost a packet and, with some peers, a delayed
   * acknowledgement.
   */
  private byte[] bytes(Request request) {
    var head = new StringBuilder(256);
    head.append(request.method())
        .append(' ')
        .append(request.target())
        .append(" HTTP/1.1\r\nHost: ")
        .append(host)
        .append("\r\n");
    for (Map.Entry<String, String> h : request.headers().entrySet())
      head.append(h.getKey()).append(": ").append(h.getValue()).append("\r\n");
    byte[] body = request.body() == null ? new byte[0] : request.body();
    if (request.body() != null) head.append("Content-Length: ").append(body.length).append("\r\n");
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException ignored) {
      // nothing is lost with a connection that nobody uses
    }
  }
}
