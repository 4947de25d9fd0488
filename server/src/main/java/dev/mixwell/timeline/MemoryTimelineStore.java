package dev.mixwell.timeline;

import dev.mixwell.api.FeedbackKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A timeline in memory, for runs that simulate: nothing waits for a disk, and nothing outlives the
 * process. Closing it leaves it as it is, so that a run can be opened again over it. One thread at
 * a time.
 */
public class MemoryTimelineStore implements TimelineStore {
  private record Key(int attempt, FeedbackKind kind, long step) {}

  private record AttemptStep(int attempt, long step) {}

  private final List<Entry> log = new ArrayList<>();
  private final Map<Key, TreeMap<Integer, Event.FeedbackPosted>> posts = new LinkedHashMap<>();
  private final Map<Integer, List<PostTime>> times = new LinkedHashMap<>();
  private final Map<AttemptStep, Event.StepClosed> steps = new LinkedHashMap<>();
  private final Map<AttemptStep, Event.BoundaryClosed> boundaries = new LinkedHashMap<>();
  private final Map<Integer, Long> lastStep = new LinkedHashMap<>();
  private final Map<Integer, Long> lastBoundary = new LinkedHashMap<>();

  @Override
  public void append(List<Entry> entries) {
    for (int i = 0; i < entries.size(); i++)
      if (entries.get(i).sequence() != log.size() + i)
        throw new IllegalArgumentException(
            "sequence %d follows %d".formatted(entries.get(i).sequence(), log.size() + i - 1));
    for (Entry entry : entries) {
      log.add(entry);
      index(entry);
    }
  }

  private void index(Entry entry) {
    switch (entry.event()) {
      case Event.FeedbackPosted e -> {
        posts
            .computeIfAbsent(new Key(e.attempt(), e.kind(), e.step()), _ -> new TreeMap<>())
            .put(e.reporter(), e);
        if (e.kind() != FeedbackKind.VALIDATION)
          times
              .computeIfAbsent(e.attempt(), _ -> new ArrayList<>())
              .add(new PostTime(e.step(), entry.atMillis()));
      }
      case Event.StepClosed e -> {
        steps.put(new AttemptStep(e.attempt(), e.step()), e);
        lastStep.merge(e.attempt(), e.step(), Math::max);
      }
      case Event.BoundaryClosed e -> {
        boundaries.put(new AttemptStep(e.attempt(), e.step()), e);
        lastBoundary.merge(e.attempt(), e.step(), Math::max);
      }
      case Event.RunCreated _,
          Event.AttemptOpened _,
          Event.Issued _,
          Event.Operation _,
          Event.OperationCancelled _,
          Event.RunFinished _ -> {} // kept in the log alone
    }
  }

  @Override
  public List<Entry> readControl() {
    var control = new ArrayList<Entry>();
    for (Entry entry : log) if (entry.event().isControl()) control.add(entry);
    return control;
  }

  @Override
  public List<Entry> read(long from, long to) {
    int end = (int) Math.min(to, log.size());
    return from >= end ? List.of() : List.copyOf(log.subList((int) from, end));
  }

  /** For the same thread: nothing here is shared between threads. */
  @Override
  public TimelineReader openReader() {
    return new TimelineReader() {
      @Override
      public List<Entry> read(long from, long to) {
        return MemoryTimelineStore.this.read(from, to);
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
    return steps.get(new AttemptStep(attempt, step));
  }

  @Override
  public Event.@Nullable BoundaryClosed boundaryClosed(int attempt, long step) {
    return boundaries.get(new AttemptStep(attempt, step));
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
