package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.MixerChange;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Missing;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.verify.RunVerifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run whose mixer is at version 1 in its timeline, opened where the code is at version 2. */
final class MixerVersionTest {
  private static final MixerSpec VERSIONED = new MixerSpec("test-versioned", Map.of());
  private static final MixerSpec VALIDATES =
      new MixerSpec("test-versioned", Map.of("validates", 1));
  private static final long LATE_MILLIS = 1_000_000;

  @AfterEach
  void asItWas() {
    Versioned.present = 1;
  }

  /** A run with one attempt, from step 0. */
  private static SimServer opened(MixerSpec mixer, RunSpec.@Nullable Closing closing) {
    var spec =
        new RunSpec(
            1,
            SimConfig.groups(2),
            8,
            SimConfig.ROW_TOKENS,
            1,
            null,
            mixer,
            2,
            0,
            null,
            null,
            closing,
            2,
            null,
            null,
            null,
            null);
    var habits = SimConfig.Habits.patient(1, true, false);
    var config = new SimConfig(spec, new long[] {60, 200}, 8, List.of(1), habits);
    var server = new SimServer(config.created());
    server.run().open(new AttemptRequest(0, 1, "first", null));
    return server;
  }

  /** Steps 0 to 2 are issued; step 0 is closed and decides step 2. */
  private static SimServer recorded(MixerSpec mixer, RunSpec.@Nullable Closing closing) {
    SimServer server = opened(mixer, closing);
    pull(server, 0, 0);
    pull(server, 0, 1);
    post(server, 0, 0);
    pull(server, 0, 2);
    return server;
  }

  private static void upgrade(SimServer server) {
    Versioned.present = 2;
    server.restart();
  }

  private static long[] pull(SimServer server, int attempt, long step) {
    IssuedStep issued = server.run().issuedStep(attempt, step, 0, Duration.ZERO);
    long[] rows = new long[issued.rows()];
    for (int i = 0; i < rows.length; i++) rows[i] = issued.positions()[i] * 2 + issued.groups()[i];
    return rows;
  }

  private static void post(SimServer server, int attempt, long step) {
    server.run().post(attempt, step, new FeedbackRequest(FeedbackKind.TRAIN, null, Map.of()));
  }

  private static void validate(SimServer server, long step) {
    server.run().post(0, step, new FeedbackRequest(FeedbackKind.VALIDATION, null, Map.of()));
  }

  /** Steps 0 to 3 are issued, as the validation losses at step 0 decide. */
  private static SimServer validated() {
    SimServer server = opened(VALIDATES, null);
    validate(server, 0);
    for (int step = 0; step < 4; step++) pull(server, 0, step);
    return server;
  }

  private static Refusal refused(SimServer server, int attempt, long step) {
    return assertThrows(Refusal.class, () -> pull(server, attempt, step));
  }

  private static void swap(SimServer server, MixerSpec mixer) {
    server.run().swap(new MixerChange(mixer, null, null, "ann", "version 2 is right"), "*");
  }

  private static List<Event> eventsFrom(SimServer server, long sequence) {
    return server.store.read(sequence, server.store.size()).stream().map(Entry::event).toList();
  }

  private static String answers(SimServer server) {
    Run run = server.run();
    return Json.write(List.of(run.plan(0, 0), run.plan(0, 2), run.history(0, 3), run.mixer()));
  }

  @Test
  void whatIsIssuedIsServedAndNothingIsDecidedUntilAnOperatorConfirms() {
    SimServer server = recorded(VERSIONED, null);
    long[][] rows = {pull(server, 0, 0), pull(server, 0, 1), pull(server, 0, 2)};
    String answers = answers(server);
    upgrade(server);
    for (int step = 0; step < 3; step++) assertArrayEquals(rows[step], pull(server, 0, step));
    assertEquals(answers, answers(server));
    long size = server.store.size();

    post(server, 0, 1);
    Refusal why = refused(server, 0, 3);
    assertEquals(ProblemType.MIXER_VERSION, why.type());
    assertEquals(1, why.facts().get("recordedVersion"));
    assertEquals(2, why.facts().get("presentVersion"));
    assertTrue(why.detail().contains("version 1 of the mixer `test-versioned`"), why.detail());
    assertTrue(why.detail().contains("this server has version 2"), why.detail());
    List<Event> since = eventsFrom(server, size);
    assertEquals(1, since.size(), "the post is recorded, and closes nothing: " + since);
    assertEquals(Event.FeedbackPosted.class, since.getFirst().getClass());

    swap(server, VERSIONED);
    var confirmed = (Event.MixerInstalled) eventsFrom(server, size + 1).getFirst();
    assertEquals(2, confirmed.version());
    assertEquals(3, confirmed.effectiveStep());
    for (int step = 3; step < 5; step++) pull(server, 0, step);
    for (int step = 2; step < 4; step++) post(server, 0, step);
    assertEquals(0.75, server.run().plan(0, 2).p().get("b"), "version 1 favours the second");
    pull(server, 0, 5);
    assertEquals(0.75, server.run().plan(0, 5).p().get("a"), "version 2 favours the first");
    assertEquals(2, server.run().plan(0, 5).mixer().version());
    server.restart();
    for (int step = 0; step < 3; step++) assertArrayEquals(rows[step], pull(server, 0, step));
  }

  @Test
  void anAttemptWhosePastIsOpenWaitsForAnOperatorAndAnotherMixerGoesOn() {
    SimServer server = recorded(VERSIONED, null);
    upgrade(server);
    var second = new AttemptRequest(2, 1, "second", null);
    Refusal why = assertThrows(Refusal.class, () -> server.run().open(second));
    assertEquals(ProblemType.MIXER_VERSION, why.type());
    server.run().open(new AttemptRequest(1, 1, "of-a-settled-past", null));
    assertEquals(ProblemType.MIXER_VERSION, refused(server, 1, 1).type());
    swap(server, SimConfig.odm(Map.of()));
    for (int step = 1; step < 9; step++) {
      pull(server, 1, step);
      post(server, 1, step);
    }
  }

  @Test
  void whatWasPostedMeanwhileIsTakenByTheRecordedVersion() {
    SimServer server = recorded(VERSIONED, null);
    upgrade(server);
    post(server, 0, 1);
    assertEquals(ProblemType.MIXER_VERSION, refused(server, 0, 3).type());
    Versioned.present = 1;
    server.restart();
    pull(server, 0, 3);
    assertEquals(0.75, server.run().plan(0, 3).p().get("b"), "version 1 favours the second");
  }

  @Test
  void validationThatWasPostedMeanwhileIsTakenByTheRecordedVersion() {
    SimServer server = validated();
    upgrade(server);
    validate(server, 4);
    assertEquals(ProblemType.MIXER_VERSION, refused(server, 0, 4).type());
    Versioned.present = 1;
    server.restart();
    pull(server, 0, 4);
  }

  @Test
  void verifyingSaysWhatAnotherVersionDecided() {
    SimServer server = recorded(VERSIONED, null);
    upgrade(server);
    swap(server, VERSIONED);
    for (int step = 3; step < 5; step++) pull(server, 0, step);
    RunVerifier.Report report = new RunVerifier(server.store).verify((entry, entries) -> {});
    assertEquals(1, report.differences().size(), report.differences().toString());
    assertTrue(
        report.differences().getFirst().contains("version 1 of the mixer `test-versioned`"),
        report.differences().toString());
  }

  @Test
  void aStepThatTheVersionAtHandWouldServeOtherwiseIsRefused() {
    SimServer server = recorded(new MixerSpec("test-versioned", Map.of("starts", 1)), null);
    upgrade(server);
    assertEquals(ProblemType.MIXER_VERSION, refused(server, 0, 0).type());
    pull(server, 0, 2);
  }

  @Test
  void timeClosesNothing() {
    var closing = new RunSpec.Closing(RunSpec.Closing.Policy.CLOSE_AFTER, 5L);
    SimServer server = recorded(VERSIONED, closing);
    post(server, 0, 2);
    upgrade(server);
    long size = server.store.size();
    server.pass(LATE_MILLIS);
    server.work();
    assertEquals(size, server.store.size());
    assertEquals("mixer-version", standing(server));
  }

  @Test
  void healthSaysWhichRunIsHeldUntilItGoesOn() {
    SimServer server = recorded(VERSIONED, null);
    assertNull(server.run().standstill());
    upgrade(server);
    assertEquals("mixer-version", standing(server));
    swap(server, VERSIONED);
    assertNull(server.run().standstill());
  }

  @Test
  void aMixerThatGoesByValidationIsConfirmedAndAsksForItByTheRefusal() {
    SimServer server = validated();
    upgrade(server);
    assertEquals(ProblemType.MIXER_VERSION, refused(server, 0, 4).type());
    swap(server, VALIDATES);
    Refusal waits = refused(server, 0, 4);
    assertEquals(ProblemType.UNDECIDED, waits.type());
    assertEquals(new Missing(FeedbackKind.VALIDATION, 4, List.of()), waits.facts().get("missing"));
    validate(server, 4);
    for (int step = 4; step < 8; step++) pull(server, 0, step);
    assertEquals(2, server.run().plan(0, 7).mixer().version());
  }

  @Test
  void validationThatWasPostedWhileTheRunWasHeldIsTakenByWhatIsPutThere() {
    SimServer server = validated();
    upgrade(server);
    validate(server, 4);
    assertEquals(ProblemType.MIXER_VERSION, refused(server, 0, 4).type());
    swap(server, VALIDATES);
    for (int step = 4; step < 8; step++) pull(server, 0, step);
    assertEquals(0.75, server.run().plan(0, 7).p().get("a"), "version 2 favours the first");
  }

  private static @Nullable String standing(SimServer server) {
    Standstill standstill = server.run().standstill();
    return standstill == null ? null : standstill.reason();
  }
}
