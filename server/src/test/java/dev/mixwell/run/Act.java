package dev.mixwell.run;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.OverridesChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Something that happens in a simulation. Numbers choose among what there is when it happens (jobs
 * and checkpoints from the newest on), so that any part of a schedule is a schedule.
 */
sealed interface Act {
  /**
   * @param checkpoint that it starts from
   * @param world index into the run's worlds
   * @param zombies whether earlier jobs go on
   * @param named whether it names the checkpoint's attempt as its parent
   */
  record Launch(int checkpoint, int world, Fault fault, boolean zombies, boolean named)
      implements Act {}

  record Pull(int job, int rank, Fault fault) implements Act {}

  record Train(int job) implements Act {}

  record Post(int job, int which, Fault fault) implements Act {}

  /** Something else is posted under the key of a post that was acknowledged. */
  record Contradict(int job, int which) implements Act {}

  /** All that a job has to post, and a swap, in one commit. */
  record Together(int job, MixerSpec mixer, Fault fault) implements Act {}

  /** Anyone asks for something asked before. */
  record Again(int which) implements Act {}

  record Crash() implements Act {}

  /**
   * @param ahead of the first step that is not issued; below 0 it must be refused
   */
  record Swap(String mode, int ahead, MixerSpec mixer, String start, Fault fault) implements Act {}

  /**
   * @param pins by group; empty with no clamps: an override that sets nothing
   */
  record Override(
      String mode,
      int ahead,
      Map<String, Double> pins,
      Map<String, OverridesChange.Clamp> clamps,
      Fault fault)
      implements Act {}

  record ClearOverrides(Fault fault) implements Act {}

  record Skip(int ahead, int steps, Fault fault) implements Act {}

  record Cancel(int which, Fault fault) implements Act {}

  /** Time passes, enough for what is overdue. */
  record Late() implements Act {}

  record Finish() implements Act {}

  static List<Act> schedule(SplittableRandom random, SimConfig config) {
    var acts = new ArrayList<Act>();
    acts.add(new Launch(0, random.nextInt(3), Fault.NONE, false, true));
    int length = SimConfig.pick(random, 15, 40, 80, 160);
    boolean calm = random.nextInt(5) == 0;
    boolean zombies = random.nextInt(10) < 3;
    for (int i = 0; i < length; i++) {
      int job = zombies ? SimConfig.pick(random, 0, 0, 0, 1) : 0;
      Fault fault = calm || random.nextBoolean() ? Fault.NONE : any(random);
      acts.add(act(random, config, job, fault, zombies));
      if (config.habits().probes() && random.nextInt(15) == 0) acts.addAll(detour(random, config));
    }
    return acts;
  }

  /** What rarely comes about by itself. */
  private static List<Act> detour(SplittableRandom random, SimConfig config) {
    MixerSpec mixer = SimConfig.mixer(random, config.groups(), true);
    int ahead = SimConfig.pick(random, 0, 1, 2, 3);
    return random.nextBoolean() ? forkAcross(random, mixer, ahead) : takeBack(mixer, ahead);
  }

  /**
   * Back to an earlier checkpoint, there a swap ahead, then on from the newest checkpoint: which
   * meets a mixer at its first step that its own lineage had not.
   */
  private static List<Act> forkAcross(SplittableRandom random, MixerSpec mixer, int ahead) {
    int back = SimConfig.pick(random, 1, 2, 3);
    return List.of(
        new Launch(back, 0, Fault.NONE, false, true),
        new Swap("step", ahead, mixer, "current", Fault.NONE),
        new Launch(0, 0, Fault.NONE, false, true));
  }

  /** A swap ahead that is taken back when its step is due. */
  private static List<Act> takeBack(MixerSpec mixer, int ahead) {
    var acts = new ArrayList<Act>();
    acts.add(new Swap("step", ahead, mixer, "current", Fault.NONE));
    for (int i = 0; i < 2 * ahead; i++) {
      for (int rank = 0; rank < 3; rank++) acts.add(new Pull(0, rank, Fault.NONE));
      acts.add(new Train(0));
      acts.add(new Post(0, 1, Fault.NONE));
    }
    acts.add(new Cancel(0, Fault.NONE));
    return acts;
  }

  private static Fault any(SplittableRandom random) {
    Fault[] all = Fault.values();
    return all[random.nextInt(all.length)];
  }

  private static Act act(
      SplittableRandom random, SimConfig config, int job, Fault fault, boolean zombies) {
    int x = random.nextInt(1_000);
    if (x < 390) return new Pull(job, random.nextInt(3), fault);
    if (x < 590) return new Train(job);
    if (x < 750) return new Post(job, random.nextInt(12), fault);
    if (x < 755) return new Contradict(job, random.nextInt(12));
    if (x < 770)
      return new Together(
          job, SimConfig.mixer(random, config.groups(), config.habits().probes()), fault);
    if (x < 810) return new Again(random.nextInt(500));
    if (x < 830) return new Crash();
    if (x < (config.habits().probes() ? 900 : 860)) {
      int checkpoint = SimConfig.pick(random, 0, 0, 1, 2, 5);
      return new Launch(checkpoint, random.nextInt(3), fault, zombies, random.nextInt(4) > 0);
    }
    return operation(random, config, fault);
  }

  private static Act operation(SplittableRandom random, SimConfig config, Fault fault) {
    int x = random.nextInt(140);
    if (x < 40) return swap(random, config, fault);
    if (x < 65) return override(random, config.groups(), fault);
    if (x < 70) return new ClearOverrides(fault);
    if (x < 90)
      return new Skip(SimConfig.pick(random, -1, 0, 0, 1, 5), SimConfig.pick(random, 1, 2), fault);
    if (x < 115) return new Cancel(random.nextInt(9), fault);
    if (x < 138) return new Late();
    return new Finish();
  }

  private static Act swap(SplittableRandom random, SimConfig config, Fault fault) {
    String mode = List.of("now", "phase-end", "step").get(random.nextInt(3));
    int ahead = SimConfig.pick(random, -2, 0, 0, 1, 3, 7);
    String start = random.nextBoolean() ? "own" : "current";
    return new Swap(
        mode,
        ahead,
        SimConfig.mixer(random, config.groups(), config.habits().probes()),
        start,
        fault);
  }

  private static Act override(SplittableRandom random, int groups, Fault fault) {
    String mode = random.nextBoolean() ? "now" : "step";
    int ahead = SimConfig.pick(random, -1, 0, 1, 4);
    String group = SimConfig.groups(groups).get(random.nextInt(groups)).name();
    double share = SimConfig.pick(random, 0, 3, 9) / 10.0;
    return switch (random.nextInt(4)) {
      case 0 -> new Override(mode, ahead, Map.of(), Map.of(), fault);
      case 1 ->
          new Override(
              mode,
              ahead,
              Map.of(),
              Map.of(group, new OverridesChange.Clamp(share / 2, share)),
              fault);
      default -> new Override(mode, ahead, Map.of(group, share), Map.of(), fault);
    };
  }
}
