package dev.mixwell.http.routes;

import dev.mixwell.config.ServerConfig;
import dev.mixwell.fold.FoldTime;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.metrics.Meters;
import dev.mixwell.metrics.RunGauges;
import dev.mixwell.opened.Datasets;
import dev.mixwell.run.Run;
import dev.mixwell.run.Standstill;
import dev.mixwell.serving.Runs;
import dev.mixwell.serving.ServedRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All services, and what of them begins and ends with the listener. Thread-safe. */
public final class Routes {
  private final List<Route> all;
  private final ObserveService observe;
  private final EventStreams streams;

  Routes(List<Route> all, ObserveService observe, EventStreams streams) {
    this.all = all;
    this.observe = observe;
    this.streams = streams;
  }

  /** Those of the server. A scrape of {@code meters} tells where the runs stand from now on. */
  public static Routes of(ServerConfig config, Runs runs, Datasets datasets, Meters meters) {
    meters.add(new RunGauges(() -> standings(runs)));
    var observe = new ObserveService(meters, () -> standstills(runs));
    var streams = new EventStreams(config.events());
    meters.add("mixwell.event.streams", "Streams of events that are open", streams::open);
    var all =
        Stream.of( // Helidon tries them in this order, so what is asked for most comes first
            new BatchesService(config, runs, meters).routes(),
            new RunsService(runs).routes(),
            new AttemptsService(runs, meters).routes(),
            new MixerService(runs).routes(),
            new PreviewService(runs, streams).routes(),
            new EventsService(runs, streams).routes(),
            new CatalogService(runs, datasets).routes(),
            observe.routes());
    return new Routes(all.flatMap(List::stream).toList(), observe, streams);
  }

  private static Map<String, RunGauges.Standing> standings(Runs runs) {
    var standings = new LinkedHashMap<String, RunGauges.Standing>();
    for (ServedRun served : runs.served())
      standings.put(served.run().name(), standing(served.run()));
    return standings;
  }

  private static RunGauges.Standing standing(Run run) {
    FoldTime time = run.foldTime();
    Standstill standstill = run.standstill();
    String reason = standstill == null ? null : standstill.reason();
    return new RunGauges.Standing(
        run.mixture(), run.mixerInForce(), time.folds(), time.nanos(), reason);
  }

  private static Map<String, String> standstills(Runs runs) {
    var standstills = new LinkedHashMap<String, String>();
    for (ServedRun served : runs.served()) {
      Standstill standstill = served.run().standstill();
      if (standstill != null) standstills.put(served.run().name(), standstill.detail());
    }
    return standstills;
  }

  /** All that the server answers; a test compares it with the contract. */
  public List<Route> all() {
    return all;
  }

  /** The listener answers: says ready. */
  public void started() {
    observe.started();
  }

  /** The listener is about to close: says not ready, and ends the streams. */
  public void stopping() {
    observe.stopping();
    streams.close();
  }
}
