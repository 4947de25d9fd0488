package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.sampler.Position;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run's state, to be read: what its timeline folds to. Whoever is given this face alone cannot
 * change the run; {@link Fold} is the other face.
 *
 * <p>Not thread-safe: owned by the run's writer. Reading remembers what it has derived or looked
 * up, which no answer depends on.
 */
public final class Folded {
  /** Later than any time. */
  public static final long NEVER_MILLIS = Long.MAX_VALUE;

  private final Event.RunCreated created;
  private final RunSpec spec;
  private final Attempts attempts = new Attempts();
  private final Operations operations;
  private final Planner planner;
  private final Proposals proposals;
  private final Ledger ledger;
  private final Closer closer;
  private final Deque<TimelineStore.PostTime> openPosts = new ArrayDeque<>();
  private boolean finished;

  /** Folds what the store holds. */
  Folded(TimelineStore store, Folding folding) {
    this(store, store.readControl(), folding);
    for (Attempt a : attempts.all()) {
      a.closed(store.lastStepClosed(a.number()));
      a.boundaryClosed(store.lastBoundaryClosed(a.number()));
      passUnawaited(a);
    }
    if (!attempts.isEmpty() && isTimed())
      openPosts.addAll(store.postTimes(attempts.newest().number(), attempts.newest().nextClose()));
  }

  private Folded(TimelineStore store, List<Entry> control, Folding folding) {
    if (control.isEmpty() || !(control.getFirst().event() instanceof Event.RunCreated first))
      throw new Refusal(
          ProblemType.TIMELINE_DAMAGED,
          "The timeline does not begin with run-created (sequence 0).");
    created = first;
    spec = Recorded.spec(first.spec());
    int window = 4 * (spec.lookahead() + spec.issueAhead()) + 64;
    ledger = new Ledger(store, window);
    long at = control.getFirst().atMillis();
    var firstMixer =
        new Event.MixerInstalled(
            0, first.spec().mixer(), first.mixerVersion(), false, "run", "created with the run");
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
    return MixerContext.of(Recorded.spec(created.spec()), tokens);
  }

  // ---- the fold

  void apply(Entry entry) {
    switch (entry.event()) {
      case Event.RunCreated _ ->
          throw new Refusal(
              ProblemType.TIMELINE_DAMAGED, "run-created again at " + entry.sequence());
      case Event.AttemptOpened e -> opened(e, entry.sequence());
      case Event.Issued e -> issued(e);
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
      case Event.RunFinished _ -> finished = true;
    }
  }

  private void opened(Event.AttemptOpened e, long sequence) {
    unissuedChanged();
    attempts.open(e, sequence);
    operations.viewsChanged();
    unissuedChanged();
    openPosts.clear();
  }

  private void issued(Event.Issued e) {
    Attempt a = attempts.get(e.attempt());
    a.issued(e.upTo());
    passUnawaited(a);
  }

  private void posted(Event.FeedbackPosted e, long atMillis) {
    ledger.add(e);
    Attempt a = attempts.get(e.attempt());
    if (e.kind() == FeedbackKind.VALIDATION)
      a.boundaryClosed(e.step()); // the closes of the boundaries up to there come with it
    else if (isTimed() && e.step() >= a.nextClose())
      openPosts.addLast(new TimelineStore.PostTime(e.step(), atMillis));
  }

  private void closed(Event.StepClosed e) {
    ledger.add(e);
    Attempt a = attempts.get(e.attempt());
    a.closed(e.step());
    passUnawaited(a);
  }

  private void closed(Event.BoundaryClosed e) {
    ledger.add(e);
    attempts.get(e.attempt()).boundaryClosed(e.step());
  }

  /** Steps whose mixer awaits nothing of a step do not wait to be closed. */
  private void passUnawaited(Attempt a) {
    while (a.hasOpenStep() && !awaitsClose(a, operations.installation(a, a.nextClose())))
      a.closed(a.nextClose());
    while (!openPosts.isEmpty() && openPosts.getFirst().step() < a.nextClose())
      openPosts.removeFirst();
  }

  /** A held mixer closes nothing, and once another is in force nobody waits for that. */
  private boolean awaitsClose(Attempt a, Installation in) {
    return in.awaitsStep() && !(in.isHeld() && !in.isSameAs(operations.installation(a, a.upTo())));
  }

  private void unissuedChanged() {
    if (!attempts.isEmpty()) planner.unissuedChanged(attempts.newest());
  }

  /** Forgets what can be looked up again: everything folded must be durable. */
  void forget() {
    ledger.trim();
    planner.plans().trim();
  }

  // ---- what there is

  /** The run's first event: its configuration and the groups it is pinned to. */
  public Event.RunCreated created() {
    return created;
  }

  public RunSpec spec() {
    return spec;
  }

  public Attempts attempts() {
    return attempts;
  }

  public Operations operations() {
    return operations;
  }

  public Ledger ledger() {
    return ledger;
  }

  public Closer closer() {
    return closer;
  }

  public boolean isFinished() {
    return finished;
  }

  /**
   * @throws Refusal {@code run-finished}
   */
  public void refuseIfFinished() {
    if (finished) throw finished();
  }

  /** Why nothing more comes of it, once it is finished. */
  public Refusal finished() {
    return new Refusal(
        ProblemType.RUN_FINISHED,
        "The run is finished: nothing more is issued or recorded. Create a new run.");
  }

  /** The ETag of what operators set: changes with each of their events. */
  public String tag() {
    return "operations-" + operations.version();
  }

  // ---- what is decided

  /** The plan of a step in an attempt's lineage. */
  public Planned plan(Attempt attempt, long step) {
    return planner.plan(attempt, step);
  }

  /**
   * The plan of an issued step, for reading far back: what is derived on the way is not kept.
   *
   * @param before where the run stands before the step; null if the caller does not know
   */
  public StepPlan readPlan(Attempt attempt, long step, @Nullable Position before) {
    return planner.read(attempt, step, before);
  }

  /** The plans that are at hand; any thread may read those of issued steps. */
  public Recent<StepPlan> plans() {
    return planner.plans();
  }

  /**
   * The state and proportions an installation starts with; null while what it continues from is
   * undecided.
   */
  public @Nullable Decision start(Installation in) {
    return proposals.start(in);
  }

  /** What is said for the step before; null if there is none. */
  public @Nullable Proposal before(Attempt attempt, long step) {
    return proposals.before(attempt, step);
  }

  /** The first step an operator can still change: upTo of the newest attempt. */
  public long upTo() {
    return attempts.isEmpty() ? 0 : attempts.newest().upTo();
  }

  /** The mixer in force at upTo of the newest attempt; null if none is issued any more. */
  public @Nullable Installation next() {
    if (finished || attempts.isEmpty()) return null;
    Attempt newest = attempts.newest();
    return operations.installation(newest, newest.upTo());
  }

  /** The first undecided step of an attempt, or {@code limit}. */
  public long decidedUpTo(Attempt a, long limit) {
    long step = a.upTo();
    while (step < limit && planner.plan(a, step) instanceof StepPlan) step++;
    return step;
  }

  /** The first undecided step of an attempt, or upTo + issueAhead + 1 if that comes first. */
  public long firstUndecided(Attempt a) {
    return decidedUpTo(a, a.upTo() + 1 + spec.issueAhead());
  }

  // ---- what is awaited

  /** How many post the feedback of a step. */
  public int reporters(Attempt a, FeedbackKind kind) {
    return spec.isByRank(kind) ? a.world() : 1;
  }

  /** Whether all feedback is there that a step waits for, and its mixer takes it. */
  public boolean isComplete(Attempt a, long step) {
    Installation in = operations.installation(a, step);
    FeedbackKind kind = in.mixer().awaits();
    return kind != null && !in.isHeld() && ledger.posts(a, kind, step).size() == reporters(a, kind);
  }

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

  /** Whether the times of posts matter: nothing else needs them. */
  private boolean isTimed() {
    return spec.closing().afterMillis() != null;
  }

  /**
   * When the next close falls due, {@link #NEVER_MILLIS} if none does: counted from the first post
   * of the open step or a later one.
   */
  public long overdueAtMillis() {
    Long afterMillis = spec.closing().afterMillis();
    if (afterMillis == null || finished || attempts.isEmpty()) return NEVER_MILLIS;
    Attempt newest = attempts.newest();
    if (!newest.hasOpenStep()) return NEVER_MILLIS;
    if (operations.installation(newest, newest.nextClose()).isHeld()) return NEVER_MILLIS;
    for (TimelineStore.PostTime post : openPosts)
      if (post.step() >= newest.nextClose()) return post.atMillis() + afterMillis;
    return NEVER_MILLIS;
  }
}
