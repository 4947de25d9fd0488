package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineReader;
import dev.mixwell.timeline.TimelineStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A timeline in memory that outlives its servers and fails on request. One thread; appends are all
 * or nothing.
 */
final class SimStore implements TimelineStore {
  /** The server is dead: nothing of it may catch this and go on. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash() {
      super("crash", null, false, false);
    }
  }

  private record Key(int attempt, FeedbackKind kind, long step) {}

  private record Place(int attempt, long step) {}

  private final List<Entry> log = new ArrayList<>();
  private final List<Integer> commits = new ArrayList<>();
  private final Map<Key, TreeMap<Integer, Event.FeedbackPosted>> posts = new HashMap<>();
  private final Map<Integer, List<PostTime>> times = new HashMap<>();
  private final Map<Place, Event.StepClosed> steps = new HashMap<>();
  private final Map<Place, Event.BoundaryClosed> boundaries = new HashMap<>();
  private final Map<Integer, Long> lastStep = new HashMap<>();
  private final Map<Integer, Long> lastBoundary = new HashMap<>();
  private Fault fault = Fault.NONE;

  /** The next append meets the fault. */
  void arm(Fault next) {
    fault = next;
  }

  List<Entry> log() {
    return log;
  }

  /** The number of the commit that wrote the entry: those of one append have the same. */
  int commit(long sequence) {
    return commits.get((int) sequence);
  }

  @Override
  public void append(List<Entry> entries) {
    Fault now = fault;
    fault = Fault.NONE;
    if (now == Fault.CRASH_BEFORE_WRITE) throw new Crash();
    if (now == Fault.FAIL_BEFORE_WRITE) throw failed();
    write(entries);
    if (now == Fault.CRASH_AFTER_WRITE) throw new Crash();
    if (now == Fault.FAIL_AFTER_WRITE) throw failed();
  }

  private static Refusal failed() {
    return new Refusal(ProblemType.STORAGE_FAILED, "the simulated disk fails");
  }

  private void write(List<Entry> entries) {
    for (int i = 0; i < entries.size(); i++)
      if (entries.get(i).sequence() != log.size() + i)
        throw new IllegalArgumentException(
            "sequence %d follows %d".formatted(entries.get(i).sequence(), log.size() + i - 1));
    int commit = commits.isEmpty() ? 0 : commits.getLast() + 1;
    for (Entry entry : entries) {
      log.add(entry);
      commits.add(commit);
      index(entry);
    }
  }

  private void index(Entry entry) {
    switch (entry.event()) {
      case Event.FeedbackPosted e -> {
        posts
            .computeIfAbsent(new Key(e.attempt(), e.kind(), e.step()), k -> new TreeMap<>())
            .put(e.reporter(), e);
        if (e.kind() != FeedbackKind.VALIDATION)
          times
              .computeIfAbsent(e.attempt(), a -> new ArrayList<>())
              .add(new PostTime(e.step(), entry.atMillis()));
      }
      case Event.StepClosed e -> {
        steps.put(new Place(e.attempt(), e.step()), e);
        lastStep.merge(e.attempt(), e.step(), Math::max);
      }
      case Event.BoundaryClosed e -> {
        boundaries.put(new Place(e.attempt(), e.step()), e);
        lastBoundary.merge(e.attempt(), e.step(), Math::max);
      }
      default -> {}
    }
  }

  @Override
  public List<Entry> readControl() {
    var control = new ArrayList<Entry>();
    for (Entry entry : log)
      if (!(entry.event() instanceof Event.FeedbackPosted
          || entry.event() instanceof Event.StepClosed
          || entry.event() instanceof Event.BoundaryClosed)) control.add(entry);
    return control;
  }

  @Override
  public List<Entry> read(long from, long to) {
    int end = (int) Math.min(to, log.size());
    return from >= end ? List.of() : List.copyOf(log.subList((int) from, end));
  }

  @Override
  public TimelineReader openReader() {
    return new TimelineReader() {
      @Override
      public List<Entry> read(long from, long to) {
        return SimStore.this.read(from, to);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public long size() {
    return log.size();
  }

  @Override
  public List<Event.FeedbackPosted> feedback(int attempt, FeedbackKind kind, long step) {
    var found = posts.get(new Key(attempt, kind, step));
    return found == null ? List.of() : List.copyOf(found.values());
  }

  @Override
  public List<PostTime> postTimes(int attempt, long fromStep) {
    return times.getOrDefault(attempt, List.of()).stream()
        .filter(time -> time.step() >= fromStep)
        .toList();
  }

  @Override
  public Event.@Nullable StepClosed stepClosed(int attempt, long step) {
    return steps.get(new Place(attempt, step));
  }

  @Override
  public Event.@Nullable BoundaryClosed boundaryClosed(int attempt, long step) {
    return boundaries.get(new Place(attempt, step));
  }

  @Override
  public long lastStepClosed(int attempt) {
    return lastStep.getOrDefault(attempt, -1L);
  }

  @Override
  public long lastBoundaryClosed(int attempt) {
    return lastBoundary.getOrDefault(attempt, -1L);
  }

  @Override
  public void close() {}
}
