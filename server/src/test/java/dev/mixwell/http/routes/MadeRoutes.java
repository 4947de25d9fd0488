package dev.mixwell.http.routes;

import dev.mixwell.config.ServerConfig;
import dev.mixwell.http.exchange.Route;
import dev.mixwell.metrics.Meters;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Routes of a test beside health, metrics and the contract, without runs. */
public final class MadeRoutes {
  private MadeRoutes() {}

  /**
   * @param standing runs that are said not to go on, and why
   */
  public static Routes of(
      ServerConfig config, Meters meters, Map<String, String> standing, List<Route> made) {
    var observe = new ObserveService(meters, () -> standing);
    var all = Stream.concat(observe.routes().stream(), made.stream()).toList();
    return new Routes(all, observe, new EventStreams(config.events()));
  }
}
