package dev.mixwell.http;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Which connections are kept. What follows an answer is a request only if the body before it was
 * read to its end; else the answer says {@code Connection: close}. And what says so is closed,
 * which Helidon 4.5.0 leaves to the client: it takes the rest of that body for the next request.
 */
final class KeepAlive {
  private static final int LINGER_SECONDS = 2;
  private static final Executor LINGERED =
      CompletableFuture.delayedExecutor(LINGER_SECONDS, TimeUnit.SECONDS);

  private KeepAlive() {}

  /** Goes round every handler, and round Helidon's own answer to what a handler throws. */
  static void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    response.beforeSend(
        () -> {
          if (isUnread(request)) response.header(HeaderValues.CONNECTION_CLOSE);
        });
    response.whenSent(
        () -> {
          if (response.headers().containsToken(HeaderValues.CONNECTION_CLOSE))
            throw new CloseConnectionException("as the answer says");
        });
    try {
      chain.proceed();
    } catch (CloseConnectionException closing) {
      if (isUnread(request) && request.continueSent()) discard(request);
      throw closing;
    }
  }

  /**
   * Helidon forgets a body that waits for {@code 100 Continue} when the answer is sent, though it
   * may be on its way (RFC 9110, 10.1.1): so this is asked before.
   */
  private static boolean isUnread(ServerRequest request) {
    return request.content().hasEntity() && !request.content().consumed();
  }

  /**
   * Reads what is left of a body, up to the limit of bodies and for a moment. A client that is
   * still sending when the connection is closed sees a reset in place of its answer (RFC 9112,
   * 9.6).
   */
  private static void discard(ServerRequest request) {
    var cut = CompletableFuture.runAsync(Thread.currentThread()::interrupt, LINGERED);
    try {
      request.content().consume();
    } catch (RuntimeException brokenOrCut) {
      return; // the connection is closed next
    } finally {
      cut.cancel(false);
    }
  }
}
