package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;

/**
 * The commands of a run over the fold of its timeline. A command either throws a {@link Refusal}
 * and changes nothing, or leaves its events folded here and {@link #pending}: the caller makes them
 * durable before anybody learns of them, or throws this core away and opens it again from the
 * store.
 *
 * <p>Not thread-safe: owned by the run's writer. Time is an argument, in milliseconds since 1970.
 */
public final class RunCore {
  public final Event.RunCreated created;
  public final Attempts attempts = new Attempts();
  public final Operations operations;
  public final Planner planner;
  public final Proposals proposals;
  private final RunSpec spec;
  private final Ledger ledger;
  private final Closer closer;
  private final List<Entry> pending = new ArrayList<>();
  private final Deque<TimelineStore.PostTime> openPosts = new ArrayDeque<>();
  private long nextSequence;
  private boolean finished;

  /** Folds what the store holds. */
  public RunCore(TimelineStore store, Folding folding) {
    this(store, store.readControl(), folding);
    nextSequence = store.size();
    for (Attempt a : attempts.all()) {
      a.frontier = Math.max(a.fromStep, store.lastStepClosed(a.number) + 1);
      a.boundaryFrontier = Math.max(a.fromStep, store.lastBoundaryClosed(a.number) + 1);
    }
    if (!attempts.isEmpty() && isTimed())
      openPosts.addAll(store.postTimes(attempts.newest().number, attempts.newest().frontier));
  }

  private RunCore(TimelineStore store, List<Entry> control, Folding folding) {
    if (control.isEmpty() || !(control.getFirst().event() instanceof Event.RunCreated first))
      throw new Refusal(
          ProblemType.TIMELINE_DAMAGED,
          "The timeline does not begin with run-created (sequence 0).");
    created = first;
    spec = first.spec();
    int window = 4 * (spec.lookahead() + spec.issueAhead()) + 64;
    ledger = new Ledger(store, window);
    long at = control.getFirst().atMillis();
    var firstMixer =
        new Event.MixerInstalled(
            0, spec.mixer(), first.mixerVersion(), false, "run", "created with the run");
    operations = new Operations(context(first), at, firstMixer);
    proposals = new Proposals(spec.lookahead(), operations, ledger);
    planner = new Planner(spec, rows(first), operations, ledger, proposals);
    closer = new Closer(planner, operations, ledger, proposals, folding);
    for (Entry entry : control.subList(1, control.size())) apply(entry);
  }

  private static long[] rows(Event.RunCreated created) {
    long[] rows = new long[created.groups().size()];
    for (int i = 0; i < rows.length; i++) rows[i] = created.groups().get(i).rows();
    return rows;
  }

  /** What mixers may know of a run. */
  public static MixerContext context(Event.RunCreated created) {
    long[] tokens = new long[created.groups().size()];
    for (int i = 0; i < tokens.length; i++) tokens[i] = created.groups().get(i).tokens();
    return MixerContext.of(created.spec(), tokens);
  }

  // ---- the fold

  private void apply(Entry entry) {
    switch (entry.event()) {
      case Event.RunCreated e ->
          throw new Refusal(
              ProblemType.TIMELINE_DAMAGED, "run-created again at " + entry.sequence());
      case Event.AttemptOpened e -> opened(e, entry.sequence());
      case Event.Issued e -> attempts.get(e.attempt()).upTo = e.upTo();
      case Event.FeedbackPosted e -> posted(e, entry.atMillis());
      case Event.StepClosed e -> closed(e);
      case Event.BoundaryClosed e -> closed(e);
      case Event.OperationCancelled e -> {
        Operations.Accepted operation = operations.find(e.operation());
        if (operation == null)
          throw new Refusal(ProblemType.TIMELINE_DAMAGED, "no operation " + e.operation());
        operations.cancel(operation, entry.sequence());
        unissuedChanged();
      }
      case Event.Operation e -> {
        operations.add(entry.sequence(), entry.atMillis(), e);
        unissuedChanged();
      }
      case Event.RunFinished e -> finished = true;
    }
  }

  private void opened(Event.AttemptOpened e, long sequence) {
    unissuedChanged();
    attempts.open(e, sequence);
    operations.viewsChanged();
    unissuedChanged();
    openPosts.clear();
  }

  private void posted(Event.FeedbackPosted e, long atMillis) {
    ledger.add(e);
    if (isTimed() && e.kind() != FeedbackKind.VALIDATION)
      openPosts.addLast(new TimelineStore.PostTime(e.step(), atMillis));
  }

  private void closed(Event.StepClosed e) {
    ledger.add(e);
    Attempt a = attempts.get(e.attempt());
    a.frontier = Math.max(a.frontier, e.step() + 1);
  }

  private void closed(Event.BoundaryClosed e) {
    ledger.add(e);
    Attempt a = attempts.get(e.attempt());
    a.boundaryFrontier = Math.max(a.boundaryFrontier, e.step() + 1);
  }

  private void unissuedChanged() {
    if (!attempts.isEmpty()) planner.unissuedChanged(attempts.newest());
  }

  public void append(Event event, long nowMillis) {
    var entry = new Entry(nextSequence++, nowMillis, event);
    pending.add(entry);
    apply(entry);
  }

  /** What commands have decided and the store does not hold yet. */
  public List<Entry> pending() {
    return List.copyOf(pending);
  }

  /** To be called when {@link #pending} is durable. */
  public void committed() {
    pending.clear();
    ledger.trim();
    planner.plans().trim();
  }

  // ---- issuing

  /** What asking for a step gives. */
  public sealed interface Issue {
    record Done() implements Issue {}

    record Waits(Missing missing) implements Issue {}
  }

  /**
   * Issues the step, and up to issueAhead decided ones after it.
   *
   * @throws Refusal if it can never be issued in this attempt
   */
  public Issue issue(int attempt, long step, long nowMillis) {
    Attempt a = attempts.get(attempt);
    if (step < a.upTo) return new Issue.Done();
    if (a.isSuperseded()) throw fenced(a);
    refuseIfFinished();
    if (step > a.upTo + spec.lookahead() + spec.issueAhead()) throw tooFarAhead(a, step);
    long decided = decidedUpTo(a, step + 1 + spec.issueAhead());
    if (decided > a.upTo) append(new Event.Issued(a.number, decided), nowMillis);
    if (step < a.upTo) return new Issue.Done();
    return switch (planner.plan(a, a.upTo)) {
      case Planned.Undecided undecided -> new Issue.Waits(missing(a, undecided));
      case Planned.Exhausted exhausted -> throw exhausted(exhausted, a.upTo);
      case StepPlan plan ->
          throw new IllegalStateException("step " + plan.step() + " is decided but not issued");
    };
  }

  /** The first undecided step of an attempt, or {@code limit}. */
  public long decidedUpTo(Attempt a, long limit) {
    long step = a.upTo;
    while (step < limit && planner.plan(a, step) instanceof StepPlan) step++;
    return step;
  }

  private Missing missing(Attempt a, Planned.Undecided undecided) {
    if (undecided.kind() == FeedbackKind.VALIDATION)
      return new Missing(undecided.kind(), undecided.step(), List.of());
    long open = frontier(a);
    long first = open < 0 ? undecided.step() : open; // in order: it holds the others up
    var ranks = new ArrayList<Integer>();
    SortedMap<Integer, Event.FeedbackPosted> posts = ledger.posts(a, undecided.kind(), first);
    for (int rank = 0; rank < reporters(a, undecided.kind()); rank++)
      if (!posts.containsKey(rank)) ranks.add(rank);
    return new Missing(undecided.kind(), first, ranks);
  }

  /** A typing error in a step must not issue a million of them. */
  private Refusal tooFarAhead(Attempt a, long step) {
    long last = a.upTo + spec.lookahead() + spec.issueAhead();
    return new Refusal(
            ProblemType.NOT_ISSUED,
            "Step %d is too far ahead: attempt %d has issued the steps below %d, and takes pulls up to %d. Pull the steps in order."
                .formatted(step, a.number, a.upTo, last))
        .with("upTo", a.upTo);
  }

  private Refusal exhausted(Planned.Exhausted exhausted, long step) {
    String who =
        exhausted.group() < 0
            ? "every group"
            : "group `" + spec.groups().get(exhausted.group()).name() + "`";
    return new Refusal(
            ProblemType.DATA_EXHAUSTED,
            "Step %d cannot be filled: %s is used up under the policy %s. Finish the run, or start one with more epochs."
                .formatted(step, who, spec.exhausted().policy()))
        .with("step", step);
  }

  // ---- closes

  public int reporters(Attempt a, FeedbackKind kind) {
    return spec.isByRank(kind) ? a.world : 1;
  }

  public void closeComplete(Attempt a, long nowMillis) {
    for (long step = frontier(a); step >= 0 && isComplete(a, step); step = frontier(a))
      append(closer.closeStep(a, step, true), nowMillis);
  }

  public boolean isComplete(Attempt a, long step) {
    FeedbackKind kind = operations.installation(a, step).mixer().awaits();
    return kind != null && ledger.posts(a, kind, step).size() == reporters(a, kind);
  }

  /**
   * The next issued step that is to be closed; -1 if none is open. Passes over steps whose mixer
   * awaits nothing of a step.
   */
  private long frontier(Attempt a) {
    while (a.frontier < a.upTo && !operations.installation(a, a.frontier).awaitsStep())
      a.frontier++;
    return a.frontier < a.upTo ? a.frontier : -1;
  }

  /** Closes the boundary at {@code step}, and those before it that nobody posted. */
  public void closeBoundaries(Attempt a, long step, long nowMillis) {
    for (long k = a.boundaryFrontier; k <= step; k++)
      if (operations.installation(a, k).isBoundary(k) && ledger.boundaryClosed(a, k) == null)
        append(closer.closeBoundary(a, k), nowMillis);
    a.boundaryFrontier = Math.max(a.boundaryFrontier, step + 1);
  }

  /** Under the policy close-after: closes what has waited long enough, with those who posted. */
  public void closeOverdue(long nowMillis) {
    while (overdueAtMillis() <= nowMillis) {
      Attempt a = attempts.newest();
      append(closer.closeStep(a, frontier(a), false), nowMillis);
      closeComplete(a, nowMillis);
    }
  }

  /** Whether the times of posts matter: nothing else needs them. */
  private boolean isTimed() {
    return spec.closing().afterMillis() != null;
  }

  /**
   * When the next close falls due, Long.MAX_VALUE if none does: counted from the first post of the
   * open step or a later one.
   */
  public long overdueAtMillis() {
    Long afterMillis = spec.closing().afterMillis();
    if (afterMillis == null || finished || attempts.isEmpty()) return Long.MAX_VALUE;
    Attempt newest = attempts.newest();
    long open = frontier(newest);
    while (!openPosts.isEmpty() && openPosts.getFirst().step() < newest.frontier)
      openPosts.removeFirst();
    if (open < 0) return Long.MAX_VALUE;
    for (TimelineStore.PostTime post : openPosts)
      if (post.step() >= open) return post.atMillis() + afterMillis;
    return Long.MAX_VALUE;
  }

  // ---- evaluation

  /**
   * Whether validation losses at a step are asked for and not there: by the mixer in force, or by
   * the run's evaluateEvery.
   */
  public boolean isEvaluationDue(Attempt a, long step) {
    if (operations.installation(a, step).isBoundary(step))
      return ledger.boundaryClosed(a, step) == null;
    int every = spec.evaluateEvery();
    return every > 0
        && step % every == 0
        && ledger.posts(a, FeedbackKind.VALIDATION, step).isEmpty();
  }

  // ---- operators

  /** Accepts an event of an operator. Its effective step must not be issued. */
  public Operations.Accepted accept(Event.Operation event, long nowMillis) {
    append(event, nowMillis);
    return operations.all().getLast();
  }

  public void cancel(Operations.Accepted operation, String who, String why, long nowMillis) {
    append(new Event.OperationCancelled(operation.sequence, who, why), nowMillis);
  }

  public void finish(String who, String why, long nowMillis) {
    if (!finished) append(new Event.RunFinished(who, why), nowMillis);
  }

  public boolean isFinished() {
    return finished;
  }

  public void refuseIfFinished() {
    if (finished)
      throw new Refusal(
          ProblemType.RUN_FINISHED,
          "The run is finished: nothing more is issued or recorded. Create a new run.");
  }

  /** The first step an operator can still change: upTo of the newest attempt. */
  public long upTo() {
    return attempts.isEmpty() ? 0 : attempts.newest().upTo;
  }

  // ---- reading

  public RunSpec spec() {
    return spec;
  }

  public Ledger ledger() {
    return ledger;
  }

  public Closer closer() {
    return closer;
  }

  public long firstUndecided(Attempt a) {
    return decidedUpTo(a, a.upTo + 1 + spec.issueAhead());
  }

  public static Refusal fenced(Attempt a) {
    return new Refusal(
            ProblemType.FENCED,
            "Attempt "
                + a.number
                + " was superseded by a newer one: stop this trainer, and do not start it again by itself.")
        .with("attempt", a.number);
  }

  /** The ETag of what operators set: changes with each of their events. */
  public String tag() {
    return "operations-" + operations.version();
  }
}
