package dev.mixwell.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.base.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every timeline store keeps. */
public abstract class TimelineStoreContract {
  protected TimelineStore store;

  /** The store of one and the same run: empty at first, later with what was appended. */
  protected abstract TimelineStore open() throws Exception;

  @BeforeEach
  final void openFirst() throws Exception {
    store = open();
  }

  @AfterEach
  final void closeLast() {
    store.close();
  }

  private void reopen() throws Exception {
    store.close();
    store = open();
  }

  private void append(Event... events) {
    store.append(Events.entries(store.size(), List.of(events)));
  }

  /** Arrays in records have no equality of their own; as JSON their bits are told apart. */
  private static void assertSame(List<Entry> expected, List<Entry> found) {
    assertEquals(
        expected.stream().map(Json::write).toList(), found.stream().map(Json::write).toList());
  }

  @Test
  void anEmptyLogHasNothing() {
    assertEquals(0, store.size());
    assertEquals(List.of(), store.readControl());
    assertEquals(List.of(), store.read(0, Long.MAX_VALUE));
    assertEquals(List.of(), store.feedback(0, FeedbackKind.TRAIN, 0));
    assertEquals(List.of(), store.postTimes(0, 0));
    assertNull(store.stepClosed(0, 0));
    assertNull(store.boundaryClosed(0, 0));
    assertEquals(-1, store.lastStepClosed(0));
  }

  @Test
  void everyTypeOfEventComesBackAsItWas() throws Exception {
    List<Entry> entries = Events.entries(0, Events.ofEveryType());
    store.append(entries);
    assertSame(entries, store.read(0, entries.size()));
    reopen();
    assertSame(entries, store.read(0, Long.MAX_VALUE));
    assertEquals(entries.size(), store.size());
  }

  @Test
  void doublesComeBackBitForBit() throws Exception {
    append(
        Events.feedback(0, FeedbackKind.TRAIN, 0, 0),
        Events.stepClosed(0, 0),
        Events.boundaryClosed(0, 1));
    reopen();
    var groups = store.feedback(0, FeedbackKind.TRAIN, 0).getFirst().groups();
    for (int i = 0; i < Events.EXTREMES.length; i++)
      assertBits(Events.EXTREMES[i], groups.get("g" + i).lossSum());
    assertBits(Events.EXTREMES, assertNotNullClose(store.stepClosed(0, 0)).position().q());
    assertBits(
        Events.EXTREMES,
        assertNotNullClose(store.stepClosed(0, 0)).decided().state().get("cumulative"));
    Event.BoundaryClosed boundary = store.boundaryClosed(0, 1);
    assertNotNull(boundary);
    assertBits(Events.EXTREMES, boundary.decided().p());
  }

  private static Event.StepClosed assertNotNullClose(Event.StepClosed close) {
    assertNotNull(close);
    return close;
  }

  private static void assertBits(double[] expected, double[] found) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) assertBits(expected[i], found[i]);
  }

  private static void assertBits(double expected, double found) {
    assertEquals(
        Double.doubleToRawLongBits(expected),
        Double.doubleToRawLongBits(found),
        () -> expected + " became " + found);
  }

  @Test
  void controlLeavesOutFeedbackAndCloses() throws Exception {
    List<Entry> entries = Events.entries(0, Events.ofEveryType());
    store.append(entries);
    List<Entry> control =
        entries.stream()
            .filter(
                e ->
                    switch (e.event()) {
                      case Event.FeedbackPosted _ -> false;
                      case Event.StepClosed _ -> false;
                      case Event.BoundaryClosed _ -> false;
                      default -> true;
                    })
            .toList();
    assertSame(control, store.readControl());
    reopen();
    assertSame(control, store.readControl());
  }

  @Test
  void appendsContinueTheLog() throws Exception {
    var all = new ArrayList<Entry>();
    for (int batch = 0; batch < 20; batch++) {
      var events = new ArrayList<Event>();
      for (int i = 0; i <= batch % 5; i++) events.add(new Event.Issued(batch, i));
      List<Entry> entries = Events.entries(store.size(), events);
      store.append(entries);
      all.addAll(entries);
      assertEquals(all.size(), store.size());
      if (batch % 7 == 6) reopen();
    }
    assertSame(all, store.readControl());
    assertSame(all.subList(5, 9), store.read(5, 9));
    assertSame(List.of(), store.read(9, 9));
    store.append(List.of());
    assertEquals(all.size(), store.size());
  }

  @Test
  void wrongSequenceNumbersAreRefusedAndNothingIsWritten() {
    append(new Event.Issued(0, 1));
    var issued = new Event.Issued(0, 2);
    assertThrows(
        IllegalArgumentException.class, () -> store.append(List.of(new Entry(0, 0, issued))));
    assertThrows(
        IllegalArgumentException.class, () -> store.append(List.of(new Entry(2, 0, issued))));
    assertThrows(
        IllegalArgumentException.class,
        () -> store.append(List.of(new Entry(1, 0, issued), new Entry(3, 0, issued))));
    assertEquals(1, store.size());
    append(issued);
    assertEquals(2, store.readControl().size());
  }

  @Test
  void feedbackIsFoundByAttemptKindAndStepInTheOrderOfReporters() {
    append(
        Events.feedback(0, FeedbackKind.TRAIN, 5, 2),
        Events.feedback(0, FeedbackKind.TRAIN, 5, 0),
        Events.feedback(0, FeedbackKind.EXCESS, 5, 1),
        Events.feedback(0, FeedbackKind.TRAIN, 6, 1),
        Events.feedback(1, FeedbackKind.TRAIN, 5, 1),
        Events.feedback(0, FeedbackKind.VALIDATION, 5, 0));
    assertEquals(List.of(0, 2), reporters(0, FeedbackKind.TRAIN, 5));
    assertEquals(List.of(1), reporters(0, FeedbackKind.EXCESS, 5));
    assertEquals(List.of(0), reporters(0, FeedbackKind.VALIDATION, 5));
    assertEquals(List.of(1), reporters(1, FeedbackKind.TRAIN, 5));
    assertEquals(List.of(), reporters(1, FeedbackKind.TRAIN, 6));
  }

  private List<Integer> reporters(int attempt, FeedbackKind kind, long step) {
    return store.feedback(attempt, kind, step).stream()
        .map(Event.FeedbackPosted::reporter)
        .toList();
  }

  @Test
  void postTimesAreThoseOfStepKindsInTheOrderOfPosting() {
    append(
        Events.feedback(0, FeedbackKind.TRAIN, 7, 0),
        Events.feedback(0, FeedbackKind.TRAIN, 5, 0),
        Events.feedback(0, FeedbackKind.VALIDATION, 6, 0),
        Events.feedback(1, FeedbackKind.TRAIN, 6, 0),
        Events.feedback(0, FeedbackKind.TRAIN, 4, 0),
        Events.feedback(0, FeedbackKind.EXCESS, 6, 0));
    assertEquals(
        List.of(
            new TimelineStore.PostTime(7, 1_000),
            new TimelineStore.PostTime(5, 1_001),
            new TimelineStore.PostTime(6, 1_005)),
        store.postTimes(0, 5));
    assertEquals(4, store.postTimes(0, 0).size());
    assertEquals(List.of(), store.postTimes(0, 8));
  }

  @Test
  void closesAreThoseOfExactlyTheirAttempt() {
    append(
        Events.stepClosed(0, 3),
        Events.stepClosed(0, 4),
        Events.stepClosed(2, 4),
        Events.boundaryClosed(0, 9),
        Events.stepClosed(2, 5));
    assertEquals(4, assertNotNullClose(store.stepClosed(2, 4)).step());
    assertEquals(2, assertNotNullClose(store.stepClosed(2, 4)).attempt());
    assertNull(store.stepClosed(2, 3));
    assertNull(store.stepClosed(1, 4));
    assertNull(store.stepClosed(0, 9));
    assertNotNull(store.boundaryClosed(0, 9));
    assertNull(store.boundaryClosed(0, 3));
    assertNull(store.boundaryClosed(2, 9));
    assertEquals(4, store.lastStepClosed(0));
    assertEquals(5, store.lastStepClosed(2));
    assertEquals(-1, store.lastStepClosed(1));
  }

  @Test
  void aReaderSeesEveryCommitAndOutlivesTheNext() {
    List<Entry> entries = Events.entries(0, Events.ofEveryType());
    try (TimelineReader reader = store.openReader();
        TimelineReader other = store.openReader()) {
      assertSame(List.of(), reader.read(0, Long.MAX_VALUE));
      store.append(entries);
      assertSame(entries, reader.read(0, Long.MAX_VALUE));
      assertSame(entries.subList(2, 5), other.read(2, 5));
      List<Entry> more = Events.entries(store.size(), List.of(new Event.Issued(0, 7)));
      store.append(more);
      assertSame(more, reader.read(entries.size(), Long.MAX_VALUE));
      assertSame(more, store.read(entries.size(), Long.MAX_VALUE));
    }
    assertEquals(entries.size() + 1, store.size());
  }

  @Test
  void everyTypeIsTried() {
    var tried = Events.ofEveryType().stream().<Class<?>>map(Object::getClass).toList();
    for (Class<?> type : Event.class.getDeclaredClasses())
      if (Event.class.isAssignableFrom(type) && type.isRecord())
        assertTrue(tried.contains(type), type.getName());
  }
}
