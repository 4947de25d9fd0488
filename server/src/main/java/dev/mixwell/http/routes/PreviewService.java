package dev.mixwell.http.routes;

import dev.mixwell.api.PreviewAnswer;
import dev.mixwell.api.PreviewRequest;
import dev.mixwell.api.Problem;
import dev.mixwell.base.Refusal;
import dev.mixwell.http.exchange.Accept;
import dev.mixwell.http.exchange.Exchange;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.preview.Preview;
import dev.mixwell.serving.Runs;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Mixers tried on what a run has recorded: once, or going on with it. Thread-safe. */
final class PreviewService {
  private final Runs runs;
  private final EventStreams streams;

  PreviewService(Runs runs, EventStreams streams) {
    this.runs = runs;
    this.streams = streams;
  }

  List<Route> routes() {
    return List.of(Route.post("/v1/runs/{run}/mixer/preview", this::preview));
  }

  private void preview(Exchange exchange) throws IOException {
    var run = runs.run(exchange.path("run")).run();
    var request = exchange.body(PreviewRequest.class);
    if (request.follows()) {
      Accept.choose(exchange.header(HeaderNames.ACCEPT), List.of(EventStreams.TYPE));
      Preview preview = new Preview(run, request);
      var shadow = new Shadow(preview);
      streams.serve(exchange, shadow.id, shadow);
      return;
    }
    PreviewAnswer answer;
    try (var _ = streams.admit()) {
      answer = new Preview(run, request).answer();
    }
    exchange.json(200, answer);
  }

  /** A preview as events: where it starts, then each close; a refusal on the way ends it. */
  private static final class Shadow implements EventStreams.Source {
    private final Preview preview;
    private long id;
    private boolean hasBegun;

    Shadow(Preview preview) {
      this.preview = preview;
      this.id = preview.standing().fromStep() - 1;
    }

    @Override
    public EventStreams.Page next() {
      var events = new ArrayList<EventStreams.StreamEvent>();
      PreviewAnswer start = preview.standing();
      Preview.Page page;
      try {
        page = preview.next();
      } catch (Refusal refusal) {
        if (!hasBegun) throw refusal;
        events.add(new EventStreams.StreamEvent(id, "problem", Problem.of(refusal, null)));
        return new EventStreams.Page(events, id, true, null);
      }
      if (!hasBegun) events.add(new EventStreams.StreamEvent(id, "preview", start));
      hasBegun = true;
      if (page.fork() != null) events.add(new EventStreams.StreamEvent(id, "fork", page.fork()));
      for (PreviewAnswer.Close close : page.closes()) {
        id = close.step();
        events.add(new EventStreams.StreamEvent(id, "close", close));
      }
      return new EventStreams.Page(events, id, page.isLast(), page.more());
    }
  }
}
