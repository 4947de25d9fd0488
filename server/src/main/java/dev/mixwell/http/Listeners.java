package dev.mixwell.http;

import dev.mixwell.config.ServerConfig;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the server listens: a TCP port, and a Unix domain socket if one is configured, for trainers
 * in the same pod. Both answer the same. Every limit that Helidon leaves open gets a number, from
 * the configuration or here.
 */
final class Listeners {
  private static final String UNIX = "unix";
  private static final int MAX_REQUEST_LINE_BYTES = 8 << 10;
  private static final int MAX_HEADERS_BYTES = 16 << 10;
  private static final int BACKLOG = 1024;
  private static final Duration GRACE = Duration.ofSeconds(1);

  private Listeners() {}

  static WebServerConfig.Builder of(
      ServerConfig.Http config, Problems problems, HttpRouting.Builder routing) {
    var server =
        WebServer.builder()
            .shutdownHook(false)
            .host(ListenAddress.of(config.host()).host())
            .port(config.port());
    // Helidon's own sockets are faster than its channels, which the other kind of socket needs.
    limited(server.useNio(false), config, problems).routing(routing.copy());
    if (config.unixSocket() != null) {
      Path socket = SocketFile.free(Path.of(config.unixSocket()));
      var listener = ListenerConfig.builder().useNio(true);
      listener.bindAddress(UnixDomainSocketAddress.of(socket));
      server.putSocket(UNIX, limited(listener, config, problems).build());
      server.routing(UNIX, routing.copy());
    }
    return server;
  }

  private static <B extends ListenerConfig.BuilderBase<B, ?>> B limited(
      B listener, ServerConfig.Http config, Problems problems) {
    var idle = Duration.ofMillis(config.idleTimeoutMillis());
    var direct = DirectHandlers.builder();
    for (EventType event : EventType.values()) direct.addHandler(event, problems);
    return listener
        .shutdownGracePeriod(GRACE)
        .backlog(BACKLOG)
        .maxPayloadSize(config.maxBodyBytes())
        .maxTcpConnections(config.maxConnections())
        .maxConcurrentRequests(config.maxRequests())
        .idleConnectionTimeout(idle)
        .idleConnectionPeriod(idle)
        .connectionOptions(SocketOptions.builder().readTimeout(idle).tcpNoDelay(true).build())
        .directHandlers(direct.build())
        .addProtocol(
            Http1Config.builder()
                .maxPrologueLength(MAX_REQUEST_LINE_BYTES)
                .maxHeadersSize(MAX_HEADERS_BYTES)
                .receiveLog(false) // each would look at every request to find itself silent
                .sendLog(false)
                .build());
  }
}
