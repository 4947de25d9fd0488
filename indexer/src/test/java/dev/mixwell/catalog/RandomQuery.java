package dev.mixwell.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A query, and what it means by itself: drawn as a tree, written with the brackets that it needs
 * and some that it does not, and asked of a document's metadata without any parser.
 */
sealed interface RandomQuery {
  /** Binds weaker than what stands below. */
  int OR = 0;

  int AND = 1;
  int NOT = 2;
  int SINGLE = 3;

  record All(List<RandomQuery> parts) implements RandomQuery {}

  record Any(List<RandomQuery> parts) implements RandomQuery {}

  record Other(RandomQuery of) implements RandomQuery {}

  /** Without operators; {@code demands} is whether what is taken has a plus each. */
  record Listed(List<RandomQuery> taken, List<RandomQuery> left, boolean demands)
      implements RandomQuery {}

  /** All its conditions are of one key, which is written once. */
  record Keyed(String key, RandomQuery values) implements RandomQuery {}

  record Leaf(QueryLeaves.Drawn drawn) implements RandomQuery {}

  static RandomQuery draw(SplittableRandom random, int depth) {
    if (depth > 0 && random.nextInt(6) == 0) {
      String key = QueryLeaves.KEYS.get(random.nextInt(QueryLeaves.KEYS.size()));
      return new Keyed(key, draw(random, depth - 1, key));
    }
    return draw(random, depth, "");
  }

  /**
   * @param key of all conditions; empty for any
   */
  private static RandomQuery draw(SplittableRandom random, int depth, String key) {
    if (depth == 0) return new Leaf(QueryLeaves.draw(random, key));
    return switch (random.nextInt(5)) {
      case 0 -> new All(several(random, depth, key, 2));
      case 1 -> new Any(several(random, depth, key, 2));
      case 2 -> new Other(next(random, depth, key));
      case 3 -> {
        boolean demands = random.nextBoolean();
        yield new Listed(
            several(random, depth, key, random.nextInt(2)),
            several(random, depth, key, 1 + random.nextInt(2)),
            demands);
      }
      default -> new Leaf(QueryLeaves.draw(random, key));
    };
  }

  private static List<RandomQuery> several(
      SplittableRandom random, int depth, String key, int least) {
    var parts = new ArrayList<RandomQuery>();
    int count = least + random.nextInt(3);
    for (int i = 0; i < count; i++) parts.add(next(random, depth, key));
    return parts;
  }

  private static RandomQuery next(SplittableRandom random, int depth, String key) {
    int below = random.nextInt(depth);
    return key.isEmpty() ? draw(random, below) : draw(random, below, key);
  }

  default boolean takes(QueryLeaves.Document document) {
    Predicate<RandomQuery> taken = part -> part.takes(document);
    return switch (this) {
      case All(var parts) -> parts.stream().allMatch(taken);
      case Any(var parts) -> parts.stream().anyMatch(taken);
      case Other(var of) -> !of.takes(document);
      case Listed(var wanted, var left, boolean demands) ->
          left.stream().noneMatch(taken)
              && (wanted.isEmpty()
                  || (demands ? wanted.stream().allMatch(taken) : wanted.stream().anyMatch(taken)));
      case Keyed(_, var values) -> values.takes(document);
      case Leaf(var drawn) -> drawn.takes().test(document);
    };
  }

  private int strength() {
    return switch (this) {
      case Any _, Listed _ -> OR;
      case All _ -> AND;
      case Other _ -> NOT;
      case Keyed _, Leaf _ -> SINGLE;
    };
  }

  /**
   * @param around what binds around it, as weak as that may be
   */
  default String written(SplittableRandom random, int around, boolean isKeyed) {
    boolean needs = strength() < around || (this instanceof Listed && around >= OR);
    String text =
        switch (this) {
          case All(var parts) -> joined(random, parts, AND, isKeyed, " AND ", " && ");
          case Any(var parts) -> joined(random, parts, AND, isKeyed, " OR ", " || ");
          case Other(var of) ->
              oneOf(random, "NOT ", "!", "-", "! ", "NOT  ") + of.written(random, NOT + 1, isKeyed);
          case Listed listed -> listed(random, listed, isKeyed);
          case Keyed(String key, var values) ->
              key + ":(" + values.written(random, OR - 1, true) + ")";
          case Leaf(var drawn) -> (isKeyed ? "" : drawn.key() + ":") + drawn.value(random, isKeyed);
        };
    return needs || random.nextInt(8) == 0 ? "(" + text + ")" : text;
  }

  private static String joined(
      SplittableRandom random, List<RandomQuery> parts, int around, boolean isKeyed, String... by) {
    return parts.stream()
        .map(part -> part.written(random, around, isKeyed))
        .reduce((left, right) -> left + oneOf(random, by) + right)
        .orElseThrow();
  }

  private static String listed(SplittableRandom random, Listed listed, boolean isKeyed) {
    boolean isOnlyOne = listed.taken.size() + listed.left.size() == 1;
    String plus = listed.demands && !isOnlyOne ? "+" : "";
    var parts = new ArrayList<String>();
    for (RandomQuery part : listed.taken) parts.add(plus + part.written(random, SINGLE, isKeyed));
    for (RandomQuery part : listed.left)
      parts.add(random.nextInt(parts.size() + 1), "-" + part.written(random, SINGLE, isKeyed));
    return parts.stream().collect(Collectors.joining(" "));
  }

  private static String oneOf(SplittableRandom random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }
}
