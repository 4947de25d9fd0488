package dev.mixwell.http.routes;

import dev.mixwell.api.EventType;
import dev.mixwell.http.exchange.Accept;
import dev.mixwell.http.exchange.Exchange;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.run.EventFeed;
import dev.mixwell.serving.Runs;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What happens to a run, as it happens. Thread-safe. */
final class EventsService {
  private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
  private static final long BEFORE_THE_FIRST = -1;

  private final Runs runs;
  private final EventStreams streams;

  EventsService(Runs runs, EventStreams streams) {
    this.runs = runs;
    this.streams = streams;
  }

  List<Route> routes() {
    return List.of(Route.get("/v1/runs/{run}/events", this::events, "after", "types"));
  }

  /**
   * From the entry after the one that the client names, by the header if it has been here before;
   * else from what comes next. 204 tells a browser not to come back: nothing can follow.
   */
  private void events(Exchange exchange) throws IOException {
    EventFeed feed = runs.run(exchange.path("run")).run().events();
    Accept.choose(exchange.header(HeaderNames.ACCEPT), List.of(EventStreams.TYPE));
    String named = exchange.query("types");
    Set<EventType> types = named == null ? EventType.usual() : EventType.of(named);
    long from = from(exchange, feed.size());
    if (feed.endsBefore(from)) exchange.empty(204);
    else streams.serve(exchange, from - 1, new Following(feed, types, from));
  }

  private static long from(Exchange exchange, long size) {
    String header = exchange.header(LAST_EVENT_ID);
    boolean isBack = header != null && !header.isBlank();
    String name = isBack ? "Last-Event-ID" : "after";
    String text = isBack ? Objects.requireNonNull(header).strip() : exchange.query("after");
    if (text == null) return size;
    long after =
        text.equals("-1") ? BEFORE_THE_FIRST : Exchange.number(name, text, 0, Long.MAX_VALUE - 1);
    if (after < size) return after + 1;
    throw Exchange.malformed(
        name, "is " + after + ", but the run's last entry is " + (size - 1) + ".");
  }

  /** One client's way through a feed. */
  private static final class Following implements EventStreams.Source {
    private final EventFeed feed;
    private final Set<EventType> types;
    private long next;

    Following(EventFeed feed, Set<EventType> types, long from) {
      this.feed = feed;
      this.types = types;
      this.next = from;
    }

    @Override
    public EventStreams.Page next() {
      EventFeed.Page page = feed.read(next, types);
      next = page.next();
      var events = new ArrayList<EventStreams.StreamEvent>();
      for (EventFeed.FeedEvent e : page.events())
        events.add(new EventStreams.StreamEvent(e.sequence(), e.type().slug(), e.event()));
      return new EventStreams.Page(events, next - 1, page.isLast(), page.more());
    }
  }
}
