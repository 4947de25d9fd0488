package dev.mixwell.cli.index;

import dev.mixwell.base.Nearest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.ShardEntry;
import java.util.List;
import java.util.function.Predicate;

/** Shards by their names, or by globs: {@code *} stands for any characters, {@code ?} for one. */
final class ShardNames implements Predicate<ShardEntry> {
  private final List<String> globs;
  private final List<Glob> patterns;

  ShardNames(List<String> globs) {
    this.globs = List.copyOf(globs);
    this.patterns = globs.stream().map(Glob::of).toList();
  }

  /**
   * @throws Refusal bad-input if a glob names no shard
   */
  ShardNames requireSomeOf(List<ShardEntry> shards) {
    List<String> names = shards.stream().map(ShardEntry::name).toList();
    for (int i = 0; i < globs.size(); i++) {
      Glob glob = patterns.get(i);
      if (names.stream().noneMatch(glob))
        throw new Refusal(
            ProblemType.BAD_INPUT,
            "No shard is named \"%s\"; the nearest is \"%s\". `mixwell index shards DIR` lists them."
                .formatted(globs.get(i), Nearest.of(globs.get(i), names)));
    }
    return this;
  }

  @Override
  public boolean test(ShardEntry shard) {
    return patterns.stream().anyMatch(glob -> glob.test(shard.name()));
  }
}
