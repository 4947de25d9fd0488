package dev.mixwell.index;

import dev.mixwell.api.Nearest;
import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.ShardEntry;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Shards by their names, or by globs: {@code *} stands for any characters, {@code ?} for one. */
final class ShardNames implements Predicate<ShardEntry> {
  private static final Pattern WILD = Pattern.compile("[*?]");

  private final List<String> globs;
  private final List<Pattern> patterns;

  ShardNames(List<String> globs) {
    this.globs = List.copyOf(globs);
    this.patterns = globs.stream().map(ShardNames::pattern).toList();
  }

  /**
   * @throws Refusal bad-input if a glob names no shard
   */
  ShardNames requireSomeOf(List<ShardEntry> shards) {
    List<String> names = shards.stream().map(ShardEntry::name).toList();
    for (int i = 0; i < globs.size(); i++) {
      Pattern pattern = patterns.get(i);
      if (names.stream().noneMatch(name -> pattern.matcher(name).matches()))
        throw new Refusal(
            ProblemType.BAD_INPUT,
            "No shard is named \"%s\"; the nearest is \"%s\". `mixwell index shards DIR` lists them."
                .formatted(globs.get(i), Nearest.of(globs.get(i), names)));
    }
    return this;
  }

  @Override
  public boolean test(ShardEntry shard) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(shard.name()).matches());
  }

  private static Pattern pattern(String glob) {
    var regex = new StringBuilder();
    var matcher = WILD.matcher(glob);
    int from = 0;
    while (matcher.find()) {
      regex.append(Pattern.quote(glob.substring(from, matcher.start())));
      regex.append(matcher.group().equals("*") ? ".*" : ".");
      from = matcher.end();
    }
    return Pattern.compile(regex.append(Pattern.quote(glob.substring(from))).toString());
  }
}
