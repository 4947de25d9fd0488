package dev.mixwell.trainer.model;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupFeedback;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loss sums in nats and token counts by group, added up as float64 in row order. Owned by the
 * training thread.
 */
public final class GroupSums {
  private final List<String> names;
  private final double[] lossSums;
  private final long[] tokens;
  private final boolean[] seen; // also of tokens that do not count

  public GroupSums(List<String> names) {
    this.names = names;
    lossSums = new double[names.size()];
    tokens = new long[names.size()];
    seen = new boolean[names.size()];
  }

  /**
   * Adds rows.
   *
   * @param groups each row's group, as an index into the names
   * @param losses [rows][T], flattened
   * @param mask 0 where a label does not count, likewise; null where all do
   */
  void add(int[] groups, float[] losses, float @Nullable [] mask) {
    int rowTokens = losses.length / groups.length;
    for (int i = 0; i < losses.length; i++) {
      int group = groups[i / rowTokens];
      if (mask == null || mask[i] != 0) add(group, losses[i]);
      else skip(group);
    }
  }

  /** Adds one token. */
  void add(int group, double loss) {
    lossSums[group] += loss;
    tokens[group]++;
    seen[group] = true;
  }

  /** Passes over a token that does not count. */
  void skip(int group) {
    seen[group] = true;
  }

  /** Sums of the groups that had rows, 0 over 0 tokens where none of those counts. */
  public FeedbackRequest feedback(FeedbackKind kind, @Nullable Integer rank) {
    var groups = new LinkedHashMap<String, GroupFeedback>();
    for (int g = 0; g < tokens.length; g++)
      if (seen[g]) groups.put(names.get(g), new GroupFeedback(lossSums[g], tokens[g]));
    return new FeedbackRequest(kind, rank, groups);
  }

  /** Nats a token, of the groups that were seen. */
  public Map<String, Double> means() {
    var means = new LinkedHashMap<String, Double>();
    for (int g = 0; g < tokens.length; g++)
      if (tokens[g] > 0) means.put(names.get(g), lossSums[g] / tokens[g]);
    return means;
  }

  /** Share of each group in the tokens. */
  public Map<String, Double> shares() {
    var shares = new LinkedHashMap<String, Double>();
    for (int g = 0; g < tokens.length; g++) shares.put(names.get(g), (double) tokens[g] / tokens());
    return shares;
  }

  /** Nats a token over all groups. */
  public double mean() {
    double sum = 0;
    for (double s : lossSums) sum += s;
    return sum / tokens();
  }

  public long tokens() {
    long sum = 0;
    for (long t : tokens) sum += t;
    return sum;
  }
}
