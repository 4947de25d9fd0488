package dev.mixwell.cli.groups;

import dev.mixwell.catalog.DocumentVisitor;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A sample of the documents it visits, each as likely as any other and the same for the same seed:
 * those whose mixed hashes are the smallest. Memory goes with the sample. Owned by one thread.
 */
final class DocumentSample implements DocumentVisitor {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

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
    long draw = mix(idHash + mix(seed * GOLDEN + 1));
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

  /** The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
