package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.RunLimits;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log of a day on which more was allowed: every number in it is beyond what a run may be created
 * with today.
 */
class LogBeyondLimitsTest {
  private static final int GROUPS = 2_000;
  private static final long LOOKAHEAD = 1_100;

  @TempDir Path folder;

  @Test
  void aRunThatNobodyCouldCreateTodayOpensAndGoesOnAndAnswers() {
    recorded();
    try (Run run = opened()) {
      run.open(new AttemptRequest(0, 1, "launch", null));
      assertEquals(131_072, run.issuedStep(0, 0, 0, Duration.ZERO).rows());
      run.post(0, 0, new FeedbackRequest(FeedbackKind.TRAIN, null, Map.of()));
    }
    try (Run run = opened()) {
      assertEquals(131_072, run.spec().batchRows());
      assertEquals(GROUPS, run.plan(0, 0).p().size());
      assertEquals(1, run.history(0, 1).steps().size());
      assertEquals("odm", run.mixer().mixer().name());
      assertEquals(LOOKAHEAD, run.upTo());
      assertEquals(LOOKAHEAD + 1, run.mixture().firstUndecided());
      RunSpec told = Json.read(Json.write(run.spec()), RunSpec.class);
      assertEquals(run.spec(), told, "a client reads what it is told");
      assertEquals(
          ProblemType.INVALID_RUN, assertThrows(Refusal.class, () -> RunLimits.check(told)).type());
    }
  }

  private Run opened() {
    return Run.inline("old", SqliteTimelineStore.open(folder.resolve("timeline.db")), () -> 1_000);
  }

  private void recorded() {
    String named = each("{'name':'%s','query':'q'}");
    String pinned =
        each(
            "{'name':'%s','query':'q','extentsSha256':'00','heldOutSha256':'00','documents':1,"
                + "'tokens':99999999999,'rows':1000000,'heldOutRows':9}");
    String json =
        ("{'type':'run-created','spec':{'seed':1,'groups':["
                + named
                + "],'batchRows':131072,'rowTokens':2097152,'unitRows':8192,"
                + "'composition':'apportioned','mixer':{'name':'odm','parameters':{}},"
                + "'lookahead':1100,'issueAhead':1099,'exhausted':{'policy':'repeat'},"
                + "'reporters':'reduced','closing':{'policy':'wait'},'validationRows':2097152,"
                + "'validationShare':1.5,'evaluateEvery':0,'limits':{'floor':0.0,'maxChange':2.0}},"
                + "'manifestSha256':'00','groups':["
                + pinned
                + "],'mixerVersion':1}")
            .replace('\'', '"');
    Event created = Json.read(json.getBytes(StandardCharsets.UTF_8), Event.class);
    try (var store = SqliteTimelineStore.open(folder.resolve("timeline.db"))) {
      store.append(List.of(new Entry(0, 1_000, created)));
    }
  }

  /** For each group, whose name is longer than names may be, and of other letters. */
  private static String each(String format) {
    return IntStream.range(0, GROUPS)
        .mapToObj(i -> format.formatted("a group of the old days ".repeat(10) + i))
        .collect(Collectors.joining(","));
  }
}
