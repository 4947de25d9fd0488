package dev.mixwell.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The Python client's table of problems is what {@link ProblemType} says. */
class PythonProblemsTest {
  private static final Path FILE =
      Path.of("..", "trainer-client", "python", "src", "mixwell", "problems.py");
  private static final String WRITE = "writeProblems";
  private static final String COMMAND =
      "mvn -pl api-spec test -Dtest=PythonProblemsTest -D" + WRITE;

  @Test
  void pythonHasTheTableOfProblemTypes() throws IOException {
    String expected = python();
    if (System.getProperty(WRITE) != null) Files.writeString(FILE, expected);
    assertEquals(
        expected,
        Files.exists(FILE) ? Files.readString(FILE) : "",
        FILE.normalize() + " is not made from ProblemType as it is now; write it anew: " + COMMAND);
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
    return """
    \"""The problems that a server sends, by their short names.

    This file is made from dev.mixwell.base.ProblemType. To write it anew, run

        %s
    \"""

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
    """
        .formatted(COMMAND, table, statuses);
  }
}
