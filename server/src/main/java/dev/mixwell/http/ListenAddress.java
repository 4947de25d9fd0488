package dev.mixwell.http;

import dev.mixwell.config.InvalidConfig;
import dev.mixwell.config.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * Where the TCP port is, and why nobody can listen there.
 *
 * @param host as it was configured, without brackets
 */
record ListenAddress(String host, InetAddress address) {
  /**
   * @throws InvalidConfig if this is no host of which the system knows an address
   */
  static ListenAddress of(String configured) {
    boolean isBracketed = configured.startsWith("[") && configured.endsWith("]");
    String host = isBracketed ? configured.substring(1, configured.length() - 1) : configured;
    if (host.contains("%"))
      throw new InvalidConfig(
          "`http.host` %s names an interface behind the %%, which no URL of a client can. Name an address without one, or :: for all."
              .formatted(host));
    try {
      return new ListenAddress(host, InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      throw new InvalidConfig(
          "`http.host` %s has no address that this machine can find. Check the name, or use 127.0.0.1 for this machine and 0.0.0.0 for all."
              .formatted(host));
    }
  }

  /** As clients take it: an IPv6 address in brackets, no name that a URI cannot hold. */
  String url(int port) {
    String written = isInUris(host) ? host : address.getHostAddress();
    return "http://%s:%d".formatted(written.contains(":") ? "[" + written + "]" : written, port);
  }

  private static boolean isInUris(String host) {
    try {
      return new URI("http", null, host, 1, null, null, null).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Why a server that was to listen does not, as far as a second try tells. */
  InvalidConfig unusable(ServerConfig.Http config) {
    try (var probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(address, config.port()));
    } catch (IOException e) {
      return new InvalidConfig(
          "Cannot listen on %s: %s".formatted(url(config.port()), remedy(config.port(), e)));
    }
    String socket = config.unixSocket();
    return new InvalidConfig(
        socket == null
            ? "Cannot listen on %s, though the port is free now. Try again."
                .formatted(url(config.port()))
            : "Cannot listen on unix:%s. Check that its folder may be written, or choose another --socket."
                .formatted(socket));
  }

  String remedy(int port, IOException failure) {
    String message = String.valueOf(failure.getMessage());
    String reason = message.toLowerCase(Locale.ROOT);
    if (reason.contains("in use"))
      return "the port is taken. Stop the other program, or choose another --port.";
    if (reason.contains("permission"))
      return "port %d is not permitted to this user. Choose another --port, such as 8080."
          .formatted(port);
    if (reason.contains("assign"))
      return "%s is no address of this machine. Choose another --host, such as 127.0.0.1 or 0.0.0.0."
          .formatted(host);
    return "%s. Choose another --port or --host.".formatted(message);
  }
}
