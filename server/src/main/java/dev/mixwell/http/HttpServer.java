package dev.mixwell.http;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.config.InvalidConfig;
import dev.mixwell.config.ServerConfig;
import dev.mixwell.http.exchange.Exchange;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.http.routes.Routes;
import dev.mixwell.metrics.Meters;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The server: routes and the shape of failures, behind its {@link Listeners}. Thread-safe; open
 * from its creation until {@link #close}.
 */
public final class HttpServer implements AutoCloseable {
  private static final String NO_CACHE = "no-cache";

  private final WebServer server;
  private final ListenAddress address;
  private final Routes routes;

  private HttpServer(WebServer server, ListenAddress address, Routes routes) {
    this.server = server;
    this.address = address;
    this.routes = routes;
  }

  /**
   * Binds and answers.
   *
   * @throws InvalidConfig if it cannot listen there, saying why
   */
  public static HttpServer start(ServerConfig.Http config, Routes routes, Meters meters) {
    var address = ListenAddress.of(config.host());
    var problems = new Problems(meters);
    HttpRouting.Builder routing = HttpRouting.builder();
    add(routing, routes.all(), config.maxBodyBytes(), problems);
    var server = Listeners.of(config, problems, routing).build();
    server.start();
    if (!server.isRunning()) // Helidon logs why and returns
    throw address.unusable(config);
    routes.started();
    return new HttpServer(server, address, routes);
  }

  /** Initialises Helidon, which starting a server would do. */
  public static void preload() {
    WebServer.builder().shutdownHook(false).build();
  }

  public int port() {
    return server.port();
  }

  /** What clients take for it. */
  public String url() {
    return address.url(port());
  }

  /**
   * Says not ready, ends the streams, finishes what is being answered for a moment, then closes all
   * connections.
   */
  @Override
  public void close() {
    routes.stopping();
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
