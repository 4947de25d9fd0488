package dev.mixwell.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.ingest.Jsonl;
import dev.mixwell.manifest.ValueBounds;
import dev.mixwell.metadata.TimeSpan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DatesTest {
  @TempDir static Path directory;
  private static Catalog catalog;

  @BeforeAll
  static void indexSevenDocuments() {
    catalog =
        Catalog.open(
            Jsonl.index(
                directory,
                """
                {"text":"a","created":"2019-01-01","added":"2023-04-11T09:57:03.044571Z"}""",
                """
                {"text":"b","created":"2020-06-30","added":"2023-04-11T11:57:03+02:00"}""",
                """
                {"text":"c","created":"2020-06-30T23:59:59.999999Z","added":"2023-04-11 09:00"}""",
                """
                {"text":"d","created":"2020-07-01T00:30:00+01:00","added":"2023-04-10"}""",
                """
                {"text":"e","created":"2020-02-30","mixed":20190501}""",
                """
                {"text":"f","created":"1583-10-15T00:00:00Z","mixed":"2019-05-01"}""",
                """
                {"text":"g","created":["2018-12-31","2021-01-01"],"mixed":"then"}"""));
  }

  @AfterAll
  static void close() {
    catalog.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "created:[2019-01-01 TO 2020-06-30]                     | 0 1 2 3",
        "created:{2019-01-01 TO 2020-06-30}                     | ",
        "created:{2018-12-31 TO 2020-06-30}                     | 0",
        "created:[* TO 2018-12-31]                              | 5 6",
        "created:[2020-07-01 TO *]                              | 6",
        "created:[2020-06-30T23:00Z TO 2020-06-30T23:59Z]       | 1 3",
        "created:[2019-01-01T12:00:00Z TO 2019-01-01T13:00:00Z] | 0",
        "created:2020-02-30                                     | 4",
        "created:2019*                                          | 0",
        "created:*                                              | 0 1 2 3 4 5 6",
        "added:{2023-04-11T09:00:00Z TO *]                      | 0 1",
        "added:[2023-04-11T09:00:00Z TO *]                      | 0 1 2",
        "added:{2023-04-11T09:57:03Z TO *]                      | 0",
        "added:[\"2023-04-11 09:57:03\" TO *]                   | 0 1",
        "added:{2023-04-10 TO 2023-04-11}                       | ",
        "added:[2023-04-11T10:57+0100 TO 2023-04-11T10:58+01]   | 0 1",
        "mixed:[2019-05-01 TO 2019-05-01]                       | 5",
        "mixed:[20190501 TO 20190501]                           | 4",
        "mixed:[* TO *]                                         | 4 5 6",
      })
  void rangeOfTimeTakesWholeDays(String query, String expected) {
    var found = new ArrayList<Long>();
    if (expected == null) {
      var nothing = assertThrows(Refusal.class, () -> catalog.select(query, (_, _, _, _, _) -> {}));
      assertTrue(nothing.detail().contains("matches no document"), nothing.detail());
      return;
    }
    catalog.select(query, (_, ordinal, _, _, _) -> found.add(ordinal));
    assertEquals(Arrays.stream(expected.split(" ")).map(Long::valueOf).toList(), found, query);
  }

  @ParameterizedTest
  @CsvSource({
    "created:[2019 TO 2020], write dates like 2019-05-01",
    "created:[yesterday TO *], write dates like 2019-05-01",
    "created:[2019-13-01 TO *], write dates like 2019-05-01",
    "mixed:[then TO *], 'write numbers, dates like'"
  })
  void boundThatIsNoDateIsNamed(String query, String mistake) {
    var refusal = assertThrows(Refusal.class, () -> catalog.select(query, (_, _, _, _, _) -> {}));
    assertEquals(ProblemType.INVALID_QUERY, refusal.type());
    assertTrue(refusal.detail().contains(mistake), refusal.detail());
  }

  @Test
  void keySaysItsDatesAndTheirBounds() {
    var created = catalog.keys().key("created");
    assertEquals(new ValueBounds("1583-10-15T00:00:00Z", "2021-01-01"), created.dates());
    assertEquals("dates, text", created.kinds());
    assertEquals("numbers, dates, text", catalog.keys().key("mixed").kinds());
    assertNull(created.numbers());
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00Z, 0",
    "1970-01-01T00:00:00.000001999Z, 1",
    "1969-12-31T23:59:59.999999500Z, -1",
    "2004-09-16T23:59:58.75Z, 1095379198750000",
    "2004-09-17T00:59:58.75+01:00, 1095379198750000"
  })
  void instantIsMicrosecondsSince1970(String text, long micros) { // `date -d TEXT +%s`
    assertEquals(new TimeSpan(micros, micros), TimeSpan.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "2019-5-1",
    "2019-05-01T",
    "2019-05-01T24:01",
    "2019-05-01x",
    "20190501",
    "2019-05-01T10",
    "'2019-05-01T10:00:00 Z'",
    "+2019-05-01",
    "12345-01-01",
    "2019-02-29",
    "abcd-ef-gh"
  })
  void otherTextsAreNoDates(String text) {
    assertNull(TimeSpan.parse(text));
  }
}
