package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What operators set, as each attempt sees it: an attempt sees what was accepted before it was
 * superseded and not taken back by then; of that, what takes effect at its own steps acts in it,
 * and what acted on its lineage before goes on. Owned by the run's writer.
 */
public final class Operations {
  /** The number that stands for the event of the run's first mixer, which has none of its own. */
  public static final long FIRST_MIXER = -1;

  /** An event of an operator, with its place in the timeline and whether it was taken back. */
  public static final class Accepted {
    private static final long NEVER = Long.MAX_VALUE;

    private final long sequence;
    private final long atMillis;
    private final Event.Operation event;
    private long cancelledAt = NEVER;

    Accepted(long sequence, long atMillis, Event.Operation event) {
      this.sequence = sequence;
      this.atMillis = atMillis;
      this.event = event;
    }

    public long sequence() {
      return sequence;
    }

    public long atMillis() {
      return atMillis;
    }

    public Event.Operation event() {
      return event;
    }

    public boolean isCancelled() {
      return cancelledAt != NEVER;
    }
  }

  private final MixerContext context;
  private long version;
  private final List<Accepted> all = new ArrayList<>();
  private final Map<Long, Mixer> mixers = new TreeMap<>();
  private final Map<Integer, List<Accepted>> mixersSeen = new TreeMap<>();
  private final Map<Integer, List<Accepted>> overridesSeen = new TreeMap<>();

  Operations(MixerContext context, long createdAtMillis, Event.MixerInstalled first) {
    this.context = context;
    add(FIRST_MIXER, createdAtMillis, first);
  }

  void add(long sequence, long atMillis, Event.Operation event) {
    all.add(new Accepted(sequence, atMillis, event));
    version++;
    if (event instanceof Event.MixerInstalled installed)
      mixers.put(sequence, Mixers.recreate(Recorded.mixerSpec(installed.mixer()), context));
    viewsChanged();
  }

  void cancel(Accepted operation, long sequence) {
    operation.cancelledAt = sequence;
    version++;
    viewsChanged();
  }

  /** Whoever opens an attempt calls this: what the others see is now fixed. */
  void viewsChanged() {
    mixersSeen.clear();
    overridesSeen.clear();
  }

  /** The operation of that event, the first mixer aside; null if there is none. */
  public @Nullable Accepted find(long sequence) {
    for (Accepted o : all) if (o.sequence == sequence && sequence >= 0) return o;
    return null;
  }

  /** All operations in order of acceptance; the run's first mixer comes first. */
  public List<Accepted> all() {
    return Collections.unmodifiableList(all);
  }

  /** Counts additions and cancellations. */
  long version() {
    return version;
  }

  /** What the attempt sees, in order of acceptance. */
  List<Accepted> seenBy(Attempt a) {
    return seen(a, operation -> true);
  }

  /** The mixer in force at a step, and the attempt in which it took effect. */
  public Installation installation(Attempt attempt, long step) {
    return installation(inForce(attempt, step, mixersSeen, Operations::isMixer), step);
  }

  /** The mixer that would be in force at a step if an operation had never been accepted. */
  public Installation installationWithout(Accepted operation, Attempt attempt, long step) {
    Predicate<Accepted> others = o -> o != operation && isMixer(o);
    return installation(inForce(attempt, step, new TreeMap<>(), others), step);
  }

  private Installation installation(@Nullable InForce found, long step) {
    if (found == null || !(found.operation.event instanceof Event.MixerInstalled event))
      throw new IllegalStateException("no mixer in force at step " + step);
    long operation = found.operation.sequence;
    return new Installation(found.attempt, operation, event, mixer(operation));
  }

  /** Whether any mixer that was ever installed awaits that kind of feedback. */
  public boolean anyAwaits(FeedbackKind kind) {
    for (Mixer mixer : mixers.values()) if (mixer.awaits() == kind) return true;
    return false;
  }

  private static boolean isMixer(Accepted operation) {
    return operation.event instanceof Event.MixerInstalled;
  }

  private static boolean isOverrides(Accepted operation) {
    return operation.event instanceof Event.OverrideSet
        || operation.event instanceof Event.OverrideCleared;
  }

  /** The mixer that an operation installs. */
  public Mixer mixer(long operation) {
    Mixer mixer = mixers.get(operation);
    if (mixer == null) throw new IllegalStateException("no mixer for operation " + operation);
    return mixer;
  }

  /**
   * The mixer that an operation put into force in the attempt's lineage, whatever came after it;
   * null if that is no mixer's.
   */
  public @Nullable Installation installed(Attempt attempt, long operation) {
    Mixer mixer = mixers.get(operation);
    if (mixer == null) return null;
    for (Accepted o : all)
      if (o.sequence == operation && o.event instanceof Event.MixerInstalled event)
        return new Installation(attempt.owner(event.effectiveStep()), operation, event, mixer);
    return null;
  }

  /** The overrides in force at a step; null for none. */
  public Event.@Nullable OverrideSet overrides(Attempt attempt, long step) {
    InForce found = overridesInForce(attempt, step);
    return found != null && found.operation.event instanceof Event.OverrideSet set ? set : null;
  }

  private @Nullable InForce overridesInForce(Attempt attempt, long step) {
    return inForce(attempt, step, overridesSeen, Operations::isOverrides);
  }

  /** What acts at a step of the attempt's lineage: the mixer, the overrides, rows passed over. */
  public List<Accepted> actingAt(Attempt attempt, long step) {
    var acting = new ArrayList<Accepted>();
    InForce mixer = inForce(attempt, step, mixersSeen, Operations::isMixer);
    InForce overrides = overridesInForce(attempt, step);
    if (mixer != null) acting.add(mixer.operation);
    if (overrides != null) acting.add(overrides.operation);
    Attempt owner = attempt.owner(step);
    for (Accepted o : seenBy(owner))
      if (o.event instanceof Event.RowsSkipped && o.event.effectiveStep() == step) acting.add(o);
    return acting;
  }

  /** How many steps' rows are passed over before the step. */
  int skipBefore(Attempt owner, long step) {
    int steps = 0;
    for (Accepted o : seenBy(owner))
      if (o.event instanceof Event.RowsSkipped skip
          && skip.effectiveStep() == step
          && step >= owner.fromStep()) steps += skip.steps();
    return steps;
  }

  /**
   * What the attempt sees taking effect before its first step, without its lineage having had it.
   */
  public List<Accepted> bypassed(Attempt attempt) {
    var list = new ArrayList<Accepted>();
    for (Accepted o : seenBy(attempt)) {
      long effective = o.event.effectiveStep();
      if (effective < attempt.fromStep() && !seenBy(attempt.owner(effective)).contains(o))
        list.add(o);
    }
    return list;
  }

  private record InForce(Attempt attempt, Accepted operation) {}

  private @Nullable InForce inForce(
      Attempt attempt, long step, Map<Integer, List<Accepted>> cache, Predicate<Accepted> kind) {
    Attempt a = attempt;
    long k = step;
    while (true) {
      if (k >= a.fromStep()) {
        Attempt viewer = a;
        List<Accepted> own = cache.computeIfAbsent(a.number(), n -> byEffectiveStep(viewer, kind));
        Accepted last = null;
        for (Accepted o : own) if (o.event.effectiveStep() <= k) last = o;
        if (last != null) return new InForce(a, last);
        if (a.fromStep() == 0) return null;
        k = a.fromStep() - 1;
      }
      Attempt parent = a.parent();
      if (parent == null) return null;
      a = parent;
    }
  }

  /**
   * The operations that take effect in the attempt's own steps; of the same step, the last accepted
   * comes last.
   */
  private List<Accepted> byEffectiveStep(Attempt a, Predicate<Accepted> kind) {
    List<Accepted> own = seen(a, kind);
    own.removeIf(o -> o.event.effectiveStep() < a.fromStep());
    own.sort(
        Comparator.comparingLong((Accepted o) -> o.event.effectiveStep())
            .thenComparingLong(o -> o.sequence));
    return own;
  }

  private List<Accepted> seen(Attempt a, Predicate<Accepted> kind) {
    var list = new ArrayList<Accepted>();
    for (Accepted o : all)
      if (o.sequence < a.supersededAt() && o.cancelledAt >= a.supersededAt() && kind.test(o))
        list.add(o);
    return list;
  }
}
