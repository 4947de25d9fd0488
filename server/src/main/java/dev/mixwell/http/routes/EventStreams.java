package dev.mixwell.http.routes;

import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.config.ServerConfig;
import dev.mixwell.http.exchange.Exchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Streams of server-sent events (WHATWG HTML, section 9.2): so many at a time, each for so long,
 * with a comment when nothing has happened for a while, so that proxies keep them open and a client
 * that is gone is noticed. Thread-safe; a stream is served by its request's thread.
 *
 * <p>Every stream begins with the time after which to come back and, as an event without data, the
 * id to come back with. A comment carries the id reached by then. So a client that reconnects as
 * browsers do misses nothing, even if it has not seen an event.
 *
 * <p>The next page is asked for once the one before is written: a slow reader holds one page.
 * Written without Helidon's sink, which cannot send {@code retry}.
 */
final class EventStreams implements AutoCloseable {
  /** The media type. */
  static final String TYPE = "text/event-stream";

  private final ServerConfig.Events limits;
  private final Semaphore free;

  /** Completed when the server stops. */
  private final CompletableFuture<Void> stopping = new CompletableFuture<>();

  EventStreams(ServerConfig.Events limits) {
    this.limits = limits;
    this.free = new Semaphore(limits.maxStreams());
  }

  /**
   * @param id where a client goes on after it
   * @param data written as JSON
   */
  record StreamEvent(long id, String event, Object data) {}

  /**
   * @param id reached with it, though nothing of it may be told
   * @param isLast whether the stream ends with it
   * @param more completes when there is more; null if there is already
   */
  record Page(
      List<StreamEvent> events, long id, boolean isLast, @Nullable CompletableFuture<Void> more) {}

  /** Where the events of one stream come from. */
  interface Source {
    /** What comes next; never waits for it to happen. */
    Page next();
  }

  /**
   * Answers with a stream, and returns when it has ended.
   *
   * @param id where a client goes on that has seen no event yet
   * @throws Refusal {@code too-many-requests}
   */
  void serve(Exchange exchange, long id, Source source) throws IOException {
    try (var _ = admit()) {
      Page first = source.next(); // before the answer begins: its failure is still a problem
      exchange.set("X-Accel-Buffering", "no");
      exchange.stream(TYPE, out -> new Stream(out, source).follow(id, first));
    }
  }

  /** The right to one stream or preview; closing gives it back. */
  interface Lease extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Admits one more stream or preview.
   *
   * @throws Refusal {@code too-many-requests} if as many are open as may be
   */
  Lease admit() {
    if (free.tryAcquire()) return free::release;
    throw new Refusal(
            ProblemType.TOO_MANY_REQUESTS,
            "%d streams of events and previews are open, which is the limit (`events.maxStreams`). Close one, or try again later."
                .formatted(limits.maxStreams()))
        .with("maxStreams", limits.maxStreams());
  }

  /** How many are open. */
  int open() {
    return limits.maxStreams() - free.availablePermits();
  }

  /** Ends every stream; each tells its client to come back. */
  @Override
  public void close() {
    stopping.complete(null);
  }

  private final class Stream {
    private final OutputStream out;
    private final Source source;
    private final long endNanos =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.maxMillis());

    Stream(OutputStream out, Source source) {
      this.out = out;
      this.source = source;
    }

    void follow(long id, Page first) throws IOException {
      write("retry: " + limits.retryMillis() + "\nid: " + id + "\n\n");
      Page page = first;
      while (true) {
        for (StreamEvent event : page.events)
          write(
              "id: %d\nevent: %s\ndata: %s\n\n"
                  .formatted(event.id, event.event, Json.write(event.data)));
        out.flush();
        if (page.isLast || isOver()) return;
        if (page.more != null) await(page.more, page.id);
        if (isOver()) return;
        page = source.next();
      }
    }

    private boolean isOver() {
      return stopping.isDone() || System.nanoTime() - endNanos >= 0;
    }

    /** Returns when there is more or the stream is over. */
    private void await(CompletableFuture<Void> more, long id) throws IOException {
      CompletableFuture<Object> changed = CompletableFuture.anyOf(more, stopping);
      while (!isOver()) {
        long untilEnd = Math.max(1, endNanos - System.nanoTime());
        long untilBeat = TimeUnit.MILLISECONDS.toNanos(limits.heartbeatMillis());
        try {
          changed.get(Math.min(untilEnd, untilBeat), TimeUnit.NANOSECONDS);
          return;
        } catch (TimeoutException silence) {
          write(": still here\nid: " + id + "\n\n");
          out.flush();
        } catch (ExecutionException e) {
          throw new IllegalStateException(e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("the server has stopped");
        }
      }
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
