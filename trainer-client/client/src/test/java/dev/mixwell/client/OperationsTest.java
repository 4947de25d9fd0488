package dev.mixwell.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every operation of the contract has a method of this client, or a reason, in CLIENTS.md. */
class OperationsTest {
  private static final String PAGE = "trainer-client/CLIENTS.md";
  private static final Pattern ID = Pattern.compile("(?m)^ +operationId: (\\w+)$");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (.*?) \\| (.*?) \\| ?(.*?) ?\\|$");

  /** What the methods of a class ask for, apart from its helpers. */
  private static final List<Class<?>> CLIENTS = List.of(RunClient.class, AttemptClient.class);

  @Test
  void everyOperationHasAMethodOrAReason() throws IOException {
    var rows = new TreeMap<String, MatchResult>();
    String page = Files.readString(Path.of("..", "CLIENTS.md"));
    ROW.matcher(page).results().forEach(row -> rows.put(row.group(1), row));
    for (String operation : operations()) {
      MatchResult row = rows.remove(operation);
      assertTrue(
          row != null,
          "the operation `%s` has no row in %s: name the client's method there, or why it has none"
              .formatted(operation, PAGE));
      if (row.group(2).equals("-"))
        assertFalse(row.group(4).isEmpty(), PAGE + ": no reason in the row of " + operation);
      else
        assertTrue(
            named(row.group(2)),
            "%s: the row of %s names %s, which is no public method"
                .formatted(PAGE, operation, row.group(2)));
    }
    assertEquals(List.of(), List.copyOf(rows.keySet()), "rows of no operation in " + PAGE);
  }

  /** `RunClient.plan`. */
  private static boolean named(String cell) {
    return CLIENTS.stream()
        .flatMap(client -> Arrays.stream(client.getDeclaredMethods()))
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .anyMatch(method -> cell.equals("`" + name(method) + "`"));
  }

  private static String name(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  private static TreeSet<String> operations() throws IOException {
    var operations = new TreeSet<String>();
    try (var in = OperationsTest.class.getResourceAsStream("/openapi.yaml")) {
      String contract =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      ID.matcher(contract).results().forEach(id -> operations.add(id.group(1)));
    }
    assertFalse(operations.isEmpty(), "openapi.yaml has no operations");
    return operations;
  }
}
