package dev.mixwell.fold;

import dev.mixwell.api.RunSpec;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.sampler.Composer;
import dev.mixwell.sampler.Composition;
import dev.mixwell.sampler.Overrides;
import dev.mixwell.sampler.Position;
import dev.mixwell.sampler.Served;
import dev.mixwell.timeline.Event;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What each step holds, derived: from the last known position of the lineage, step by step. Owned
 * by the run's writer; the plans of issued steps may be read by any thread.
 */
final class Planner {
  /** Where nothing closes, a position is remembered every so many steps. */
  private static final int MARK_EVERY = 1_024;

  /** Plans kept in memory take about this much. */
  private static final long PLAN_BUDGET_BYTES = 64L << 20;

  private final RunSpec spec;
  private final Composer composer;
  private final Operations operations;
  private final Ledger ledger;
  private final Proposals proposals;
  private final Recent<StepPlan> plans;
  private final Map<Integer, TreeMap<Long, Position>> marks = new TreeMap<>();
  private final Map<String, Integer> groupIndex = new TreeMap<>();

  Planner(
      RunSpec spec, long[] groupRows, Operations operations, Ledger ledger, Proposals proposals) {
    this.spec = spec;
    this.composer = new Composer(spec, groupRows);
    this.operations = operations;
    this.ledger = ledger;
    this.proposals = proposals;
    long planBytes = 200 + 12L * spec.seats() + 64L * groupRows.length;
    int window = 2 * (spec.lookahead() + spec.issueAhead()) + 8;
    this.plans =
        new Recent<>((int) Math.max(window, Math.min(MARK_EVERY, PLAN_BUDGET_BYTES / planBytes)));
    for (int i = 0; i < spec.groups().size(); i++) groupIndex.put(spec.groups().get(i).name(), i);
  }

  /** How many groups the run mixes. */
  int groups() {
    return spec.groups().size();
  }

  Recent<StepPlan> plans() {
    return plans;
  }

  /**
   * Whoever changes operations or opens an attempt calls this: plans of the newest attempt from its
   * upTo on are not frozen.
   */
  void unissuedChanged(Attempt newest) {
    plans.dropFrom(newest.number(), newest.upTo());
    TreeMap<Long, Position> own = marks.get(newest.number());
    if (own != null) own.tailMap(newest.upTo(), true).clear();
    proposals.operationsChanged();
  }

  /** The plan of a step in an attempt's lineage. */
  Planned plan(Attempt attempt, long step) {
    StepPlan known = plans.get(attempt.owner(step).number(), step);
    return known == null ? derive(attempt, step, null, this::remember) : known;
  }

  /**
   * The plan of an issued step, for reading far back: what is derived on the way is not kept.
   *
   * @param before where the run stands before the step; null if the caller does not know
   */
  StepPlan read(Attempt attempt, long step, @Nullable Position before) {
    StepPlan known = plans.get(attempt.owner(step).number(), step);
    if (known != null) return known;
    if (derive(attempt, step, before, plan -> {}) instanceof StepPlan plan) return plan;
    throw new IllegalStateException("step " + step + " is not planned");
  }

  private Planned derive(
      Attempt attempt, long step, @Nullable Position before, Consumer<StepPlan> keeper) {
    long from = step;
    Position at = before == null ? knownPositionBefore(attempt, from) : before;
    while (at == null) at = knownPositionBefore(attempt, --from);
    while (true) {
      Planned planned = compose(attempt.owner(from), from, at);
      if (!(planned instanceof StepPlan plan)) return planned;
      keeper.accept(plan);
      if (from == step) return plan;
      at = plan.units().after();
      from++;
    }
  }

  /** Where the run stands before a step whose predecessor is decided. */
  Position positionBefore(Attempt attempt, long step) {
    Position known = knownPositionBefore(attempt, step);
    if (known != null) return known;
    if (plan(attempt, step - 1) instanceof StepPlan plan) return plan.units().after();
    throw new IllegalStateException("step " + (step - 1) + " is not planned");
  }

  private void remember(StepPlan plan) {
    plans.put(plan.attempt(), plan.step(), plan);
    if (plan.step() % MARK_EVERY == MARK_EVERY - 1)
      marks
          .computeIfAbsent(plan.attempt(), a -> new TreeMap<>())
          .put(plan.step(), plan.units().after());
  }

  /** Where the run stands before a step, if that is in memory or recorded with a close. */
  private @Nullable Position knownPositionBefore(Attempt attempt, long step) {
    if (step == 0) return Position.start(spec.groups().size());
    Attempt owner = attempt.owner(step - 1);
    StepPlan plan = plans.get(owner.number(), step - 1);
    if (plan != null) return plan.units().after();
    TreeMap<Long, Position> own = marks.get(owner.number());
    Position mark = own == null ? null : own.get(step - 1);
    if (mark != null) return mark;
    Event.StepPosition recorded = recordedBefore(attempt, owner, step);
    return recorded == null ? null : new Position(recorded.rows(), recorded.carry(), recorded.q());
  }

  private Event.@Nullable StepPosition recordedBefore(Attempt attempt, Attempt owner, long step) {
    if (operations.installation(owner, step - 1).awaitsStep()) {
      Event.StepClosed close = ledger.stepClosed(owner, step - 1);
      if (close != null) return close.position();
    }
    if (!operations.installation(attempt, step).isBoundary(step)) return null;
    Event.BoundaryClosed boundary = ledger.boundaryClosed(attempt, step);
    return boundary == null ? null : boundary.position();
  }

  private Planned compose(Attempt owner, long step, Position at) {
    return switch (proposals.at(owner, step)) {
      case Proposal.Waits waits -> new Planned.Undecided(waits.kind(), waits.step());
      case Proposal.Held held -> new Planned.Held(held.by());
      case Proposal.Proposed proposed -> compose(owner, step, at, proposed);
    };
  }

  private Planned compose(Attempt owner, long step, Position at, Proposal.Proposed proposed) {
    Installation in = operations.installation(owner, step);
    Proportions q =
        Served.of(proposed.p(), spec.limits(), overrides(owner, step), at.q(), composer.mask(at));
    if (q == null) return new Planned.Exhausted(new Composition.Exhausted.EveryGroup());
    if (in.isHeld()) refuseOther(in, owner, step, q);
    boolean probe = in.phase(step) instanceof Phase.Probe;
    boolean reset = in.phase(step) instanceof Phase.Probe p && p.segmentStart();
    var request = new Composer.Request(step, q, probe, reset, operations.skipBefore(owner, step));
    return switch (composer.compose(at, request)) {
      case Composition.Exhausted exhausted -> new Planned.Exhausted(exhausted);
      case Composition.Units units -> new StepPlan(owner.number(), step, in, proposed, q, units);
    };
  }

  /** Another version may have started otherwise: where the record knows better, it is asked. */
  private void refuseOther(Installation in, Attempt owner, long step, Proportions q) {
    Event.StepClosed close = in.awaitsStep() ? ledger.stepClosed(owner, step) : null;
    if (close != null && !Arrays.equals(close.position().q(), q.toArray()))
      throw in.otherwise(step);
  }

  private Overrides overrides(Attempt owner, long step) {
    Event.OverrideSet set = operations.overrides(owner, step);
    if (set == null) return Overrides.NONE;
    var pins = new TreeMap<Integer, Double>();
    set.pins().forEach((name, share) -> pins.put(index(name), share));
    var clamps = new TreeMap<Integer, Overrides.Range>();
    for (Map.Entry<String, Event.Clamp> e : set.clamps().entrySet())
      clamps.put(index(e.getKey()), new Overrides.Range(e.getValue().min(), e.getValue().max()));
    return new Overrides(pins, clamps);
  }

  /** The index of a group of this run. */
  int index(String group) {
    Integer index = groupIndex.get(group);
    if (index == null) throw new IllegalStateException("no group " + group);
    return index;
  }
}
