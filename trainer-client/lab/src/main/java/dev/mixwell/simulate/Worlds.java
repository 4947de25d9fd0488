package dev.mixwell.simulate;

import dev.mixwell.base.Nearest;
import dev.mixwell.simulate.World.Group;
import dev.mixwell.simulate.World.Noise;
import java.util.List;

/** Worlds that have a name. */
final class Worlds {
  /**
   * Rows differ widely. The held-out rows are the same each time, so that their loss hardly errs.
   */
  private static final Noise USUAL = new Noise(0.5, 2e-4);

  private static final long BILLION = 1_000_000_000;

  private static final List<World> ALL =
      List.of(independent(), helping(), conflicting(), hard(), identical(), slimpajama());

  private Worlds() {}

  static List<World> all() {
    return ALL;
  }

  static List<String> names() {
    return ALL.stream().map(World::name).toList();
  }

  /**
   * @throws IllegalArgumentException if there is none of that name; says which there are
   */
  static World of(String name) {
    for (World world : ALL) if (world.name().equals(name)) return world;
    throw new IllegalArgumentException(
        "There is no world `%s`; did you mean `%s`? There are: %s."
            .formatted(name, Nearest.of(name, names()), String.join(", ", names())));
  }

  /** No group teaches another: whatever is gained comes from the slopes alone. */
  private static World independent() {
    return new World(
        "independent",
        "three groups that teach each other nothing, one learnt faster than the others",
        List.of(
            new Group("web", 2.4, 5.0, 0.35, 8 * BILLION),
            new Group("books", 2.6, 5.0, 0.30, 2 * BILLION),
            new Group("code", 0.9, 5.0, 0.70, BILLION)),
        new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
        USUAL);
  }

  /** One group teaches the other nearly all of it, and learns little in return. */
  private static World helping() {
    return new World(
        "helping",
        "two groups; the first teaches the second, hardly the other way round",
        List.of(
            new Group("textbooks", 1.8, 5.0, 0.45, 2 * BILLION),
            new Group("exercises", 1.5, 5.0, 0.40, 2 * BILLION)),
        new double[][] {{1, 0.1}, {0.9, 1}},
        USUAL);
  }

  /** Each group makes the model forget the other, one more than the other. */
  private static World conflicting() {
    return new World(
        "conflicting",
        "two groups that make the model forget each other, one of them more",
        List.of(
            new Group("formal", 2.0, 5.0, 0.40, 3 * BILLION),
            new Group("slang", 2.2, 5.0, 0.40, 3 * BILLION)),
        new double[][] {{1, -0.5}, {-0.1, 1}},
        USUAL);
  }

  /** The trap of going by the loss: one group's is high, and stays so whatever is done. */
  private static World hard() {
    return new World(
        "hard",
        "three groups; the loss of one is high and stays high",
        List.of(
            new Group("noise", 5.2, 6.0, 0.15, BILLION),
            new Group("web", 2.4, 5.0, 0.40, 4 * BILLION),
            new Group("code", 1.0, 4.5, 0.60, BILLION)),
        new double[][] {{1, 0.05, 0}, {0, 1, 0.2}, {0, 0.3, 1}},
        USUAL);
  }

  /** The negative control: no mixture is better than another, and a mixer should see that. */
  private static World identical() {
    return new World(
        "identical",
        "the same data three times: no mixture is better than another",
        List.of(
            new Group("first", 2.2, 5.0, 0.4, 2 * BILLION),
            new Group("second", 2.2, 5.0, 0.4, 2 * BILLION),
            new Group("third", 2.2, 5.0, 0.4, 2 * BILLION)),
        new double[][] {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}},
        USUAL);
  }

  /**
   * Seven groups with names and sizes like SlimPajama's (627 billion tokens). The laws are made up:
   * prose teaches prose, the web teaches all a little, code and mathematics teach each other.
   */
  private static World slimpajama() {
    return new World(
        "slimpajama",
        "seven groups like SlimPajama's, natural sizes, made-up laws",
        List.of(
            new Group("commoncrawl", 2.5, 5.2, 0.32, 328 * BILLION),
            new Group("c4", 2.6, 5.2, 0.32, 169 * BILLION),
            new Group("github", 0.8, 4.6, 0.60, 33 * BILLION),
            new Group("books", 2.5, 5.1, 0.30, 26 * BILLION),
            new Group("arxiv", 1.3, 4.8, 0.50, 29 * BILLION),
            new Group("wikipedia", 1.7, 5.0, 0.45, 24 * BILLION),
            new Group("stackexchange", 1.6, 4.9, 0.50, 18 * BILLION)),
        new double[][] {
          {1.00, 0.80, -0.05, 0.30, 0.05, 0.30, 0.10},
          {0.85, 1.00, -0.05, 0.30, 0.05, 0.25, 0.10},
          {0.05, 0.05, 1.00, 0.00, 0.15, 0.05, 0.40},
          {0.35, 0.30, -0.10, 1.00, 0.05, 0.20, 0.00},
          {0.10, 0.05, 0.15, 0.05, 1.00, 0.20, 0.25},
          {0.40, 0.35, -0.05, 0.15, 0.10, 1.00, 0.10},
          {0.20, 0.15, 0.35, 0.00, 0.20, 0.10, 1.00}
        },
        USUAL);
  }
}
