package dev.mixwell.group;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.SplitMix64;
import dev.mixwell.opened.Dataset;
import java.util.List;

/**
 * Turns queries into tokens. Documents whose id hashes below a threshold, the same for all groups,
 * are held out before rows are cut: a document is held out in every group that matches it, or in
 * none. Thread-safe.
 *
 * <p>A shard that is a single document has no boundaries to hold out by: it is cut into
 * pseudo-documents of {@value #PSEUDO_DOCUMENT_TOKENS} tokens. The first keeps the document's hash,
 * so that a short document is treated like any other; the hashes of the rest are drawn from it.
 */
public final class GroupResolver {
  static final int PSEUDO_DOCUMENT_TOKENS = 1 << 16;

  private final Dataset dataset;

  public GroupResolver(Dataset dataset) {
    this.dataset = dataset;
  }

  /**
   * Resolves into memory.
   *
   * @param validationShare of the documents, in [0, 1)
   * @throws Refusal invalid-query if the query does not parse or matches no document
   */
  public ResolvedGroup resolve(String name, String query, double validationShare) {
    return resolve(
        name, query, validationShare, ExtentsWriter.inMemory(), ExtentsWriter.inMemory());
  }

  /** Resolves through writers, whose memory is all that is needed; they stay the caller's. */
  ResolvedGroup resolve(
      String name,
      String query,
      double validationShare,
      ExtentsWriter training,
      ExtentsWriter heldOut) {
    var split = new Split(threshold(validationShare), training, heldOut);
    select(name, query, split);
    Extents held = heldOut.finish(split.heldOutDocuments);
    return new ResolvedGroup(name, query, training.finish(split.documents), held);
  }

  /**
   * Compares a group's held-out rows with what a run wants of each.
   *
   * @param rowTokens inputs of a row (T)
   * @throws Refusal too-few-held-out, naming the share that would be enough
   */
  public void requireHeldOut(ResolvedGroup group, int rowTokens, int validationRows) {
    long found = GroupRows.rows(group.heldOut().tokens(), rowTokens);
    if (found >= validationRows) return;
    var histogram = new HashHistogram();
    select(group.name(), group.query(), histogram);
    double share = histogram.shareHolding((long) validationRows * rowTokens + 1);
    String remedy =
        share < 1
            ? "A validationShare of %s would be enough.".formatted(share)
            : "No share of its %,d tokens is enough: widen its query or lower validationRows."
                .formatted(group.tokens());
    throw new Refusal(
            ProblemType.TOO_FEW_HELD_OUT,
            "Group `%s` has %,d held-out rows of %,d inputs; validationRows asks for %,d. %s"
                .formatted(group.name(), found, rowTokens, validationRows, remedy))
        .with("group", group.name())
        .with("found", found)
        .with("needed", validationRows)
        .with("shareNeeded", share);
  }

  /** All pairs of groups that match the same documents, in group order. */
  public List<GroupOverlap> overlaps(List<ResolvedGroup> groups) {
    return new OverlapSweep(dataset.shards(), groups).overlaps();
  }

  /**
   * Takes what is held out or trained on as one: a document, or a piece of a shard without
   * boundaries.
   */
  private interface UnitVisitor {
    /**
     * @param first whether this is the first unit of its document
     */
    void unit(int shard, long startToken, long lengthTokens, long hash, boolean first);
  }

  private void select(String name, String query, UnitVisitor visitor) {
    try {
      dataset
          .catalog()
          .select(
              query,
              (shard, ordinal, start, length, idHash) -> {
                boolean bounded = dataset.shards().get(shard).documentCount() > 1;
                if (bounded) visitor.unit(shard, start, length, idHash, true);
                else cut(visitor, shard, start, length, idHash);
              });
    } catch (Refusal e) {
      throw e.with("group", name);
    }
  }

  private static void cut(UnitVisitor visitor, int shard, long start, long length, long idHash) {
    visitor.unit(shard, start, Math.min(length, PSEUDO_DOCUMENT_TOKENS), idHash, true);
    for (long at = PSEUDO_DOCUMENT_TOKENS; at < length; at += PSEUDO_DOCUMENT_TOKENS) {
      long hash = SplitMix64.mix(idHash + at / PSEUDO_DOCUMENT_TOKENS * SplitMix64.INCREMENT);
      visitor.unit(shard, start + at, Math.min(length - at, PSEUDO_DOCUMENT_TOKENS), hash, false);
    }
  }

  /** Hashes below it, unsigned, are held out. */
  private static long threshold(double share) {
    if (!(share >= 0 && share < 1)) throw new IllegalArgumentException("share " + share);
    return (long) (share * 0x1p63) << 1;
  }

  private static final class Split implements UnitVisitor {
    private final long threshold;
    private final ExtentsWriter training;
    private final ExtentsWriter heldOut;
    private long documents;
    private long heldOutDocuments;
    private boolean counted; // the current document as held out

    Split(long threshold, ExtentsWriter training, ExtentsWriter heldOut) {
      this.threshold = threshold;
      this.training = training;
      this.heldOut = heldOut;
    }

    @Override
    public void unit(int shard, long startToken, long lengthTokens, long hash, boolean first) {
      if (first) {
        documents++;
        counted = false;
      }
      boolean held = Long.compareUnsigned(hash, threshold) < 0;
      (held ? heldOut : training).add(shard, startToken, startToken + lengthTokens);
      if (held && !counted) {
        heldOutDocuments++;
        counted = true;
      }
    }
  }

  /** Tokens by the first 16 bits of the hash, to find the share that holds out enough. */
  private static final class HashHistogram implements UnitVisitor {
    private static final int BITS = 16;

    private final long[] tokens = new long[1 << BITS];

    @Override
    public void unit(int shard, long startToken, long lengthTokens, long hash, boolean first) {
      tokens[(int) (hash >>> (Long.SIZE - BITS))] += lengthTokens;
    }

    /** The least multiple of 2^-16 that holds out so many tokens; 1 if all do not suffice. */
    double shareHolding(long neededTokens) {
      long held = 0;
      for (int i = 0; i < tokens.length; i++) {
        held += tokens[i];
        if (held >= neededTokens) return (i + 1.0) / tokens.length;
      }
      return 1;
    }
  }
}
