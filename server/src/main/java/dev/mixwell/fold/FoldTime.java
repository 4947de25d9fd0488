package dev.mixwell.fold;

/**
 * What the updates of a run's mixers took since the server opened it.
 *
 * @param folds updates
 * @param nanos all of them took
 */
public record FoldTime(long folds, long nanos) {
  static final FoldTime NONE = new FoldTime(0, 0);

  FoldTime plus(long foldNanos) {
    return new FoldTime(folds + 1, nanos + foldNanos);
  }
}
