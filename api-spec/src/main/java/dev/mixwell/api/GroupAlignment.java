package dev.mixwell.api;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a group's training gradient lies to the targets' gradients (DoGE, arXiv 2310.15393). Each
 * group's gradient is clipped before.
 *
 * @param gram inner product with each target's gradient, by the target's name
 * @param score in place of {@code gram}: the sum over the targets
 * @param norm length of the group's gradient
 */
public record GroupAlignment(
    @Nullable SortedMap<String, Double> gram, @Nullable Double score, double norm) {
  public GroupAlignment {
    gram = gram == null ? null : new TreeMap<>(gram);
  }
}
