package dev.mixwell.http.exchange;

import io.helidon.http.Method;
import java.io.IOException;
import java.util.List;

/**
 * One operation of the API.
 *
 * @param path a template, {@code /v1/runs/{run}} say
 * @param parameters names of the query parameters it takes; others are refused
 */
public record Route(Method method, String path, List<String> parameters, Action action) {
  /** Answers a request, or throws what becomes a problem. */
  public interface Action {
    void answer(Exchange exchange) throws IOException;
  }

  public static Route get(String path, Action action, String... parameters) {
    return new Route(Method.GET, path, List.of(parameters), action);
  }

  public static Route put(String path, Action action, String... parameters) {
    return new Route(Method.PUT, path, List.of(parameters), action);
  }

  public static Route post(String path, Action action, String... parameters) {
    return new Route(Method.POST, path, List.of(parameters), action);
  }

  public static Route delete(String path, Action action, String... parameters) {
    return new Route(Method.DELETE, path, List.of(parameters), action);
  }
}
