package dev.mixwell.fold;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as folded. Owned by the run's writer; only the fold of events changes it. Other
 * threads may read what never changes: number, fromStep, world, launchId and parent.
 */
public final class Attempt implements Lineage<Attempt> {
  private static final long NEVER = Long.MAX_VALUE;

  private final int number;
  private final long fromStep;
  private final int world;
  private final String launchId;
  private final @Nullable Attempt parent;
  private long upTo;
  private long fence = NEVER;
  private long supersededAt = NEVER;
  private long nextClose;
  private long nextBoundary;

  Attempt(int number, long fromStep, int world, String launchId, @Nullable Attempt parent) {
    this.number = number;
    this.fromStep = fromStep;
    this.world = world;
    this.launchId = launchId;
    this.parent = parent;
    this.upTo = fromStep;
    this.nextClose = fromStep;
    this.nextBoundary = fromStep;
  }

  public int number() {
    return number;
  }

  @Override
  public long fromStep() {
    return fromStep;
  }

  public int world() {
    return world;
  }

  public String launchId() {
    return launchId;
  }

  @Override
  public @Nullable Attempt parent() {
    return parent;
  }

  /** The steps below this one are issued; it is fromStep before any is. */
  public long upTo() {
    return upTo;
  }

  /** Steps from here on are fenced, since a newer attempt has taken over; null if none is. */
  public @Nullable Long fence() {
    return fence == NEVER ? null : fence;
  }

  /** The first issued step that still waits to be closed; {@link #upTo} if none does. */
  public long nextClose() {
    return nextClose;
  }

  /** Whether an issued step waits to be closed. */
  public boolean hasOpenStep() {
    return nextClose < upTo;
  }

  /** From fromStep on, no boundary below this step waits to be closed. */
  public long nextBoundary() {
    return nextBoundary;
  }

  public boolean isSuperseded() {
    return supersededAt != NEVER;
  }

  /**
   * @throws Refusal {@code fenced}
   */
  public void refuseIfSuperseded() {
    if (isSuperseded()) throw superseded();
  }

  /** Why nothing more comes of it, once a newer attempt has taken over. */
  public Refusal superseded() {
    return new Refusal(
            ProblemType.FENCED,
            "Attempt "
                + number
                + " was superseded by a newer one: stop this trainer, and do not start it again by itself.")
        .with("attempt", number);
  }

  /** The attempt of this lineage that issued or will issue the step. */
  public Attempt owner(long step) {
    return Lineage.owner(this, step);
  }

  /** The first step that this lineage does not share with another attempt's. */
  public long fork(Attempt other) {
    return Math.min(firstDifference(this, other), firstDifference(other, this));
  }

  /** Owners change at the first steps of attempts only. */
  private static long firstDifference(Attempt one, Attempt other) {
    long first = NEVER;
    for (Attempt a = one; a != null; a = a.parent)
      if (one.owner(a.fromStep) != other.owner(a.fromStep)) first = Math.min(first, a.fromStep);
    return first;
  }

  // ---- the fold

  void issued(long newUpTo) {
    upTo = newUpTo;
  }

  /**
   * @param from the first step of the attempt that takes over
   * @param sequence of its event: what operators do later, this attempt does not see
   */
  void superseded(long from, long sequence) {
    fence = Math.min(fence, Math.min(from, upTo));
    supersededAt = Math.min(supersededAt, sequence);
  }

  /** The event that superseded it; beyond all events if none did. */
  long supersededAt() {
    return supersededAt;
  }

  /** The step is closed, or waits for nothing. */
  void closed(long step) {
    nextClose = Math.max(nextClose, step + 1);
  }

  /** The boundary before the step is closed, or can be closed no more. */
  void boundaryClosed(long step) {
    nextBoundary = Math.max(nextBoundary, step + 1);
  }
}
