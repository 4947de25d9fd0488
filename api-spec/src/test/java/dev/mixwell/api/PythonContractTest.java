package dev.mixwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mixwell.base.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the Python client knows of the contract is what the contract says. */
class PythonContractTest {
  private static final Path FILE =
      Path.of("..", "trainer-client", "python", "src", "mixwell", "contract.py");
  private static final String WRITE = "writeContract";
  private static final String COMMAND =
      "mvn -pl api-spec test -Dtest=PythonContractTest -D" + WRITE;

  @Test
  void pythonKnowsTheContract() throws IOException {
    String expected = python();
    if (System.getProperty(WRITE) != null) Files.writeString(FILE, expected);
    assertEquals(
        expected,
        Files.exists(FILE) ? Files.readString(FILE) : "",
        FILE.normalize()
            + " is not made from the contract as it is now; write it anew: "
            + COMMAND);
  }

  private static String python() {
    var table = new StringBuilder();
    for (ProblemType type : ProblemType.values())
      if (type.isSent())
        table.append(
            "    \"%s\": ProblemType(%d, %s, \"%s\"),\n"
                .formatted(
                    type.slug(),
                    type.status(),
                    type.retryHelps() ? "True" : "False",
                    type.blame().name().toLowerCase(Locale.ROOT)));
    String statuses =
        new TreeSet<>(ProblemType.retriedStatuses())
            .stream().map(String::valueOf).collect(Collectors.joining(", "));
    String events =
        Stream.of(EventType.values())
            .map(type -> "    \"" + type.slug() + "\",\n")
            .collect(Collectors.joining());
    return """
    \"""What the contract says, made from its Java records.

    Problems are those of dev.mixwell.base.ProblemType that a server sends. To write this file anew,
    run

        %s
    \"""

    import re
    from typing import NamedTuple


    class ProblemType(NamedTuple):
        \"""What can be done about a problem.

        Attributes:
            status: of HTTP.
            retryable: whether the same request can succeed later without anybody changing it.
            blame: who can mend it: "client", "operator", or "server" (its developers).
        \"""

        status: int
        retryable: bool
        blame: str


    PROBLEM_TYPES: dict[str, ProblemType] = {
    %s}

    # What a proxy answers while it, or the server behind it, cannot answer now.
    RETRIED_STATUSES = frozenset({%s})

    EVENT_TYPES = (
    %s)

    RUN_NAME = re.compile(r"%s")
    RUN_NAME_RULE = "%s"
    """
        .formatted(COMMAND, table, statuses, events, RunName.PATTERN, RunName.RULE);
  }
}
