package dev.mixwell.http;

import dev.mixwell.api.BatchHeaders;
import dev.mixwell.api.Problem;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.metrics.Meters;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one place where failures become {@code application/problem+json}: refusals of ours, errors of
 * the protocol, and what nobody expected, which is logged once with an id that the answer carries.
 * Thread-safe.
 */
final class Problems implements DirectHandler {
  private static final System.Logger LOG = System.getLogger(Problems.class.getName());
  private static final String RETRY_SECONDS = "1";

  private final Meters meters;

  Problems(Meters meters) {
    this.meters = meters;
  }

  /** Answers a request that failed in its handler. */
  void answer(ServerRequest request, ServerResponse response, Throwable failure) {
    if (failure instanceof CloseConnectionException closed) throw cutOff(closed);
    Refusal refusal = refusal(failure);
    meters.problem(refusal.type());
    if (response.isSent())
      throw new CloseConnectionException("failed after the response was sent", failure);
    response
        .status(refusal.type().status())
        .header(HeaderNames.CONTENT_TYPE, BatchHeaders.PROBLEM_JSON);
    if (refusal.type().retryHelps()) response.header(HeaderNames.RETRY_AFTER, RETRY_SECONDS);
    if (request.prologue().method().equals(Method.HEAD)) response.send();
    else response.send(body(refusal, request.path().rawPath()));
  }

  /**
   * Answers what could not be read as a request. Nothing of ours has run: where Helidon calls it an
   * internal error, its parser threw at what the client sent.
   */
  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType event,
      Status status,
      ServerResponseHeaders headers,
      @Nullable String message) {
    boolean isParser = event == EventType.INTERNAL_ERROR;
    return response(
        request, headers, isParser ? notHttp("it cannot be parsed.") : protocol(status, message));
  }

  /** Answers what failed around a handler. */
  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType event,
      Status status,
      ServerResponseHeaders headers,
      Throwable thrown,
      System.@Nullable Logger logger) {
    return response(request, headers, refusal(thrown));
  }

  private TransportResponse response(
      TransportRequest request, ServerResponseHeaders headers, Refusal refusal) {
    meters.problem(refusal.type());
    headers.set(HeaderNames.CONTENT_TYPE, BatchHeaders.PROBLEM_JSON);
    if (refusal.type().retryHelps()) headers.set(HeaderNames.RETRY_AFTER, RETRY_SECONDS);
    return TransportResponse.builder()
        .status(Status.create(refusal.type().status()))
        .headers(headers)
        .keepAlive(false)
        .entity(body(refusal, request.path()))
        .build();
  }

  /** Counts what cut a body off; a client that went away is no problem of anybody's. */
  private CloseConnectionException cutOff(CloseConnectionException closed) {
    Throwable cause = closed.getCause();
    boolean isClientGone = cause instanceof IOException || cause instanceof UncheckedIOException;
    if (cause != null && !isClientGone) meters.problem(refusal(cause).type());
    return closed;
  }

  private static byte[] body(Refusal refusal, String path) {
    return Json.writeBytes(Problem.of(refusal, path.isEmpty() ? null : path));
  }

  private static Refusal refusal(Throwable failure) {
    return switch (failure) {
      case Refusal refusal when refusal.type().isSent() -> refusal;
      case Refusal notSent -> unexpected(notSent, notSent.detail() + " ");
      case RequestException e -> protocol(e.status(), e.getMessage());
      case HttpException e -> protocol(e.status(), e.getMessage());
      default -> unexpected(failure, "");
    };
  }

  private static Refusal protocol(Status status, @Nullable String message) {
    String detail = message == null || message.isBlank() ? status.reasonPhrase() : message;
    if (status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code())
      return new Refusal(
          ProblemType.PAYLOAD_TOO_LARGE, "The body is longer than the server takes.");
    if (status.code() == Status.SERVICE_UNAVAILABLE_503.code())
      return new Refusal(
          ProblemType.TOO_MANY_REQUESTS,
          "The server answers as many requests as it may (`http.maxRequests`).");
    if (status.code() == Status.INTERNAL_SERVER_ERROR_500.code())
      return unexpected(new IllegalStateException(detail), "");
    return notHttp(detail);
  }

  private static Refusal notHttp(String why) {
    return new Refusal(
        ProblemType.MALFORMED_REQUEST,
        "The request is not HTTP/1.1 as this server takes it: " + why);
  }

  private static Refusal unexpected(Throwable failure, String why) {
    String id = UUID.randomUUID().toString();
    LOG.log(Level.ERROR, "problem " + id, failure);
    return new Refusal(
            ProblemType.INTERNAL, why + "The server's log has the cause under " + id + ".")
        .with("id", id);
  }
}
