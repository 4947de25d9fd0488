package dev.mixwell.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class MeterTest {
  private static final long SECOND = 1_000_000_000;

  private final StringWriter err = new StringWriter();
  private long nanos = 1;

  private Meter meter(Meter.Unit unit, long total) {
    return new Meter("index", unit, total, new PrintWriter(err), false, () -> nanos);
  }

  @Test
  void offATerminalALineIsSaidNowAndThenAndOneAtTheEnd() {
    try (var meter = meter(Meter.Unit.BYTES, 40_000_000)) {
      for (int second = 1; second <= 25; second++) {
        nanos += SECOND;
        meter.remark(1_000 * second + " documents");
        meter.at(1_000_000L * second);
      }
      meter.remark("40,321 documents");
      meter.done();
    }
    assertEquals(
        """
        index: 25 %, 10.0 of 40.0 MB, 1.0 MB/s, 10000 documents
        index: 50 %, 20.0 of 40.0 MB, 1.0 MB/s, 20000 documents
        index: 100 %, 40.0 of 40.0 MB, 1.6 MB/s, 40,321 documents
        """,
        err.toString());
  }

  @Test
  void whatEndsEarlySaysWhereAndNeverAHundredPercent() {
    try (var meter = meter(Meter.Unit.STEPS, 1_000)) {
      nanos += SECOND;
      meter.at(999);
    }
    assertEquals("index: stopped at 99 %, 999 of 1,000 steps, 999 steps/s\n", err.toString());
  }

  @Test
  void whatNeverBeganSaysNothing() {
    meter(Meter.Unit.BYTES, 1_000).close();
    assertEquals("", err.toString());
  }

  @Test
  void aTotalThatIsLearnedLateCounts() {
    try (var meter = meter(Meter.Unit.ENTRIES, 0)) {
      nanos += 10 * SECOND;
      meter.at(500);
      meter.total(1_000);
      nanos += 10 * SECOND;
      meter.add(250);
      meter.done();
    }
    assertEquals(
        """
        index: 500 entries, 50 entries/s
        index: 75 %, 750 of 1,000 entries, 38 entries/s
        index: 100 %, 1,000 of 1,000 entries, 50 entries/s
        """,
        err.toString());
  }
}
