package dev.mixwell.http;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.config.ServerConfig;
import dev.mixwell.fold.FoldTime;
import dev.mixwell.metrics.Meters;
import dev.mixwell.metrics.RunGauges;
import dev.mixwell.opened.Datasets;
import dev.mixwell.run.Run;
import dev.mixwell.run.Standstill;
import dev.mixwell.serving.Runs;
import dev.mixwell.serving.ServedRun;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server: routes and the shape of failures, behind its {@link Listeners}. Thread-safe; open
 * from its creation until {@link #close}.
 */
public final class HttpServer implements AutoCloseable {
  private static final String NO_CACHE = "no-cache";

  private final WebServer server;
  private final ObserveService observe;
  private final EventStreams streams;

  private HttpServer(WebServer server, ObserveService observe, EventStreams streams) {
    this.server = server;
    this.observe = observe;
    this.streams = streams;
  }

  /**
   * Binds and answers.
   *
   * @throws UncheckedIOException with a {@link BindException} if the address cannot be bound
   */
  public static HttpServer start(ServerConfig config, Runs runs, Datasets datasets, Meters meters) {
    meters.add(new RunGauges(() -> standings(runs)));
    var observe = new ObserveService(meters, () -> standstills(runs));
    var streams = new EventStreams(config.events());
    meters.add("mixwell.event.streams", "Streams of events that are open", streams::open);
    var routes = routes(config, runs, datasets, observe, streams, meters);
    return start(config.http(), routes, observe, streams, meters);
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
  static List<Route> routes(
      ServerConfig config,
      Runs runs,
      Datasets datasets,
      ObserveService observe,
      EventStreams streams,
      Meters meters) {
    return Stream.of( // Helidon tries them in this order, so what is asked for most comes first
            new BatchesService(config, runs, meters).routes(),
            new RunsService(runs).routes(),
            new AttemptsService(runs, meters).routes(),
            new MixerService(runs).routes(),
            new PreviewService(runs, streams).routes(),
            new EventsService(runs, streams).routes(),
            new CatalogService(runs, datasets).routes(),
            observe.routes())
        .flatMap(List::stream)
        .toList();
  }

  static HttpServer start(
      ServerConfig.Http config,
      List<Route> routes,
      ObserveService observe,
      EventStreams streams,
      Meters meters) {
    var problems = new Problems(meters);
    HttpRouting.Builder routing = HttpRouting.builder();
    add(routing, routes, config.maxBodyBytes(), problems);
    var server = Listeners.of(config, problems, routing).build();
    server.start();
    if (!server.isRunning()) // Helidon logs why and returns
    throw new UncheckedIOException(new BindException(Listeners.describe(config)));
    observe.started();
    return new HttpServer(server, observe, streams);
  }

  /** Initialises Helidon, which starting a server would do. */
  public static void preload() {
    WebServer.builder().shutdownHook(false).build();
  }

  public int port() {
    return server.port();
  }

  /**
   * Says not ready, ends the streams, finishes what is being answered for a moment, then closes all
   * connections.
   */
  @Override
  public void close() {
    observe.stopping();
    streams.close();
    server.stop();
  }

  private static void add(
      HttpRouting.Builder routing, List<Route> routes, int maxBodyBytes, Problems problems) {
    Map<String, List<Route>> byPath =
        routes.stream()
            .collect(Collectors.groupingBy(Route::path, LinkedHashMap::new, Collectors.toList()));
    routing.addFilter(KeepAlive::filter);
    for (Route route : routes)
      routing.route(route.method(), route.path(), handler(route, maxBodyBytes, problems));
    byPath.forEach((path, all) -> routing.any(path, otherMethods(all, problems)));
    routing.any(
        (request, response) ->
            problems.answer(
                request,
                response,
                new Refusal(ProblemType.NOT_FOUND, "GET /openapi lists what there is.")));
  }

  private static Handler handler(Route route, int maxBodyBytes, Problems problems) {
    return (request, response) -> {
      try {
        var exchange = new Exchange(request, response, maxBodyBytes);
        exchange.checkParameters(route);
        response.header(HeaderNames.CACHE_CONTROL, NO_CACHE);
        route.action().answer(exchange);
      } catch (Throwable failure) {
        problems.answer(request, response, failure);
      }
    };
  }

  private static Handler otherMethods(List<Route> routes, Problems problems) {
    var allowed = new TreeSet<String>();
    for (Route route : routes) allowed.add(route.method().text());
    String allow = String.join(", ", allowed);
    return (request, response) -> {
      response.header(HeaderNames.ALLOW, allow);
      var refusal =
          new Refusal(ProblemType.METHOD_NOT_ALLOWED, "This address takes " + allow + ".")
              .with("allow", List.copyOf(allowed));
      problems.answer(request, response, refusal);
    };
  }
}
