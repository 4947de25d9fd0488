package dev.mixwell.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mixwell.api.BatchHeaders;
import dev.mixwell.api.Problem;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/**
 * A server of real sockets that answers as it is told and fails as it is told: cuts connections,
 * answers 503 or 502. Thread-safe if what answers is.
 */
public final class FaultyServer implements AutoCloseable {
  /** What is to go wrong with one request. */
  public enum Fault {
    NONE,
    /** The connection ends before the answer; the request is done. */
    LOST,
    /** The connection ends in the middle of the answer; the request is done. */
    CUT,
    /** 503, and nothing is done. */
    BUSY,
    /** 502 of a proxy in between, and nothing is done. */
    UNREACHED
  }

  record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer json(Object value) {
      return new Answer(200, Map.of("Content-Type", BatchHeaders.JSON), Json.writeBytes(value));
    }

    static Answer problem(Refusal refusal) {
      return new Answer(
          refusal.type().status(),
          Map.of("Content-Type", BatchHeaders.PROBLEM_JSON),
          Json.writeBytes(Problem.of(refusal, null)));
    }
  }

  /** What answers. */
  interface Answering {
    Answer answer(String method, URI asked, byte[] body);
  }

  private final Answering answering;
  private final HttpServer server;
  private final Set<Object> connections = ConcurrentHashMap.newKeySet();

  /** Of the next requests, one each. */
  final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();

  FaultyServer(Answering answering) throws IOException {
    this.answering = answering;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** How many there have been. */
  int connections() {
    return connections.size();
  }

  private void handle(HttpExchange exchange) throws IOException {
    connections.add(exchange.getRemoteAddress());
    byte[] body = exchange.getRequestBody().readAllBytes();
    Fault fault = faults.isEmpty() ? Fault.NONE : faults.poll();
    if (fault == Fault.BUSY) {
      exchange.getResponseHeaders().set("Retry-After", "0");
      send(exchange, Answer.problem(new Refusal(ProblemType.STORAGE_FAILED, "try again")));
      return;
    }
    if (fault == Fault.UNREACHED) {
      send(
          exchange,
          new Answer(
              502, Map.of("Content-Type", "text/html"), "<html>".getBytes(StandardCharsets.UTF_8)));
      return;
    }
    Answer answer = answering.answer(exchange.getRequestMethod(), exchange.getRequestURI(), body);
    switch (fault) {
      case LOST -> exchange.close();
      case CUT -> cut(exchange, answer);
      default -> send(exchange, answer);
    }
  }

  private static void cut(HttpExchange exchange, Answer answer) throws IOException {
    exchange.sendResponseHeaders(answer.status, answer.body.length);
    exchange.getResponseBody().write(answer.body, 0, answer.body.length / 2);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  /** Bodies of an even length travel in chunks, so that both framings are met. */
  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    answer.headers.forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(
        answer.status, answer.body.length % 2 == 0 ? 0 : answer.body.length);
    exchange.getResponseBody().write(answer.body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
