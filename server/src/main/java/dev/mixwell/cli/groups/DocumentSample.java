package dev.mixwell.cli.groups;

import dev.mixwell.base.SplitMix64;
import dev.mixwell.catalog.DocumentVisitor;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A sample of the documents it visits, each as likely as any other and the same for the same seed:
 * those whose mixed hashes are the smallest. Memory goes with the sample. Owned by one thread.
 */
final class DocumentSample implements DocumentVisitor {
  private final long seed;
  private final int size;
  private final PriorityQueue<Found> smallest =
      new PriorityQueue<>(Comparator.comparingLong(Found::draw).reversed());

  /** A document; smaller draws are taken first. */
  record Found(long draw, int shard, long ordinal, long startToken, long lengthTokens) {}

  DocumentSample(long seed, int size) {
    this.seed = seed;
    this.size = size;
  }

  @Override
  public void visit(int shard, long ordinal, long startToken, long lengthTokens, long idHash) {
    if (size == 0) return;
    long draw = SplitMix64.mix(idHash + SplitMix64.mix(seed * SplitMix64.INCREMENT + 1));
    if (smallest.size() == size) {
      Found largest = smallest.peek();
      if (largest == null || draw >= largest.draw) return;
      smallest.remove();
    }
    smallest.add(new Found(draw, shard, ordinal, startToken, lengthTokens));
  }

  /** In manifest order. */
  List<Found> found() {
    return smallest.stream()
        .sorted(Comparator.comparingInt(Found::shard).thenComparingLong(Found::ordinal))
        .toList();
  }
}
