package dev.mixwell.fold;

import org.jspecify.annotations.Nullable;

/** One attempt as folded. Owned by the run's writer. */
public final class Attempt {
  public final int number;
  public final long fromStep;
  public final int world;
  public final String launchId;
  public final @Nullable Attempt parent;

  /** Steps below have been issued; starts at fromStep. */
  public long upTo;

  /** Steps from here on are fenced: a newer attempt has taken over. */
  public long fence = Long.MAX_VALUE;

  /** The event that superseded it; what operators did later, it does not see. */
  long fencedAtSequence = Long.MAX_VALUE;

  /** No step below, from fromStep on, still waits to be closed. */
  public long frontier;

  /** No boundary below, from fromStep on, still waits to be closed. */
  public long boundaryFrontier;

  public Attempt(int number, long fromStep, int world, String launchId, @Nullable Attempt parent) {
    this.number = number;
    this.fromStep = fromStep;
    this.world = world;
    this.launchId = launchId;
    this.parent = parent;
    this.upTo = fromStep;
    this.frontier = fromStep;
    this.boundaryFrontier = fromStep;
  }

  public boolean isSuperseded() {
    return fencedAtSequence != Long.MAX_VALUE;
  }

  /** The attempt of this lineage that issued or will issue the step. */
  public Attempt owner(long step) {
    Attempt a = this;
    while (step < a.fromStep && a.parent != null) a = a.parent;
    return a;
  }

  /** The first step that this lineage does not share with another attempt's. */
  public long fork(Attempt other) {
    return Math.min(firstDifference(this, other), firstDifference(other, this));
  }

  /** Owners change at the first steps of attempts only. */
  private static long firstDifference(Attempt one, Attempt other) {
    long first = Long.MAX_VALUE;
    for (Attempt a = one; a != null; a = a.parent)
      if (one.owner(a.fromStep) != other.owner(a.fromStep)) first = Math.min(first, a.fromStep);
    return first;
  }
}
