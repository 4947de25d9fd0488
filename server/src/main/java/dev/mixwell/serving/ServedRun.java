package dev.mixwell.serving;

import dev.mixwell.api.ProvenanceAnswer;
import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.group.GroupRows;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.opened.Dataset;
import dev.mixwell.pack.BatchFacts;
import dev.mixwell.pack.BatchPacker;
import dev.mixwell.pack.BodyFormat;
import dev.mixwell.pack.PackedBatch;
import dev.mixwell.run.IssuedEnd;
import dev.mixwell.run.IssuedStep;
import dev.mixwell.run.Run;
import dev.mixwell.run.StepRows;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A run that is served: its timeline, and its rows as bytes. Thread-safe. */
public final class ServedRun implements AutoCloseable {
  private final Run run;
  private final Dataset dataset;
  private final BatchPacker packer;
  private final List<RunAnswer.Overlap> overlaps;
  private final List<String> groupNames = new ArrayList<>();
  private final Ahead ahead;
  private final RowsAhead rowsAhead;
  private final AtomicBoolean readingRows = new AtomicBoolean();
  private volatile long rowsReadUpTo;

  /**
   * @param groups cut as the run says, in its order
   */
  ServedRun(
      Run run,
      Dataset dataset,
      List<GroupRows> groups,
      List<RunAnswer.Overlap> overlaps,
      Ahead ahead) {
    this.run = run;
    this.ahead = ahead;
    this.dataset = dataset;
    this.packer = new BatchPacker(dataset, groups);
    this.overlaps = List.copyOf(overlaps);
    for (GroupRows g : groups) groupNames.add(g.group().name());
    RunSpec spec = spec();
    this.rowsAhead =
        new RowsAhead(spec.issueAhead() + spec.lookahead(), spec.batchRows(), packer::read);
  }

  /** Who decides what. */
  public Run run() {
    return run;
  }

  public RunSpec spec() {
    return run.created().spec();
  }

  public List<String> groupNames() {
    return List.copyOf(groupNames);
  }

  public RunAnswer describe() {
    TokenizerInfo tokenizer = dataset.manifest().tokenizer();
    var groups = new ArrayList<RunAnswer.Group>();
    for (Event.PinnedGroup g : run.created().groups())
      groups.add(
          new RunAnswer.Group(
              g.name(),
              g.query(),
              g.documents(),
              g.tokens(),
              g.rows(),
              g.heldOutRows(),
              g.extentsSha256(),
              packing(g.packing())));
    return new RunAnswer(
        run.name(),
        spec(),
        new RunAnswer.Tokenizer(
            tokenizer.name(), tokenizer.vocabularySize(), tokenizer.endOfDocument()),
        groups,
        overlaps,
        run.newestAttempt(),
        run.upTo(),
        run.isFinished());
  }

  private static RunAnswer.@Nullable Packing packing(Event.@Nullable PinnedPacking p) {
    return p == null
        ? null
        : new RunAnswer.Packing(
            p.documents(), p.truncatedDocuments(), p.truncatedByConcat(), p.paddingTokens());
  }

  /**
   * A rank's share of a step as bytes, packed ahead if it could be; to be closed by the caller.
   *
   * <p>What has to come over a network comes while this thread waits, not one of those that pack
   * for all runs.
   *
   * @throws Refusal {@code shard-damaged}, {@code shard-unreachable}
   */
  public Packed pack(IssuedStep step, BodyFormat format) {
    readRowsAhead();
    packer.fetch(step.groups(), step.positions());
    long askedNanos = System.nanoTime();
    Body body = format == BodyFormat.JSON ? null : take(step, format);
    if (body != null) return Packed.of(body, System.nanoTime() - askedNanos);
    return ahead
        .packers()
        .call(
            () -> {
              long begunNanos = System.nanoTime();
              PackedBatch packed = bytes(step, format);
              return new Packed(
                  packed, false, begunNanos - askedNanos, System.nanoTime() - begunNanos);
            });
  }

  private @Nullable Body take(IssuedStep asked, BodyFormat format) {
    int attempt = asked.attempt();
    int rank = asked.rank();
    return ahead
        .bodies()
        .take(
            new PackedAhead.Reader(run.name(), attempt, rank, format),
            asked.step(),
            step -> {
              IssuedStep issued = run.issuedStepAtHand(attempt, step, rank);
              return issued == null || !packer.begin(issued.groups(), issued.positions())
                  ? null // not decided, or fetched until somebody asks again
                  : bytes(issued, format);
            });
  }

  private PackedBatch bytes(IssuedStep step, BodyFormat format) {
    var facts =
        new BatchFacts(
            run.name(),
            step.attempt(),
            step.step(),
            step.rank(),
            groupNames,
            step.mixer(),
            step.awaits() == null ? null : step.awaits().label(),
            step.lossWeights());
    return packer.pack(step.groups(), step.positions(), facts, format);
  }

  /** Has the rows behind the issued steps read, once more steps are issued. */
  private void readRowsAhead() {
    if (run.upTo() == rowsReadUpTo || !readingRows.compareAndSet(false, true)) return;
    ahead
        .packers()
        .run(
            Packers.Urgency.ROWS_AHEAD,
            () -> {
              try {
                IssuedEnd frontier = run.issuedEnd();
                if (frontier == null) return;
                rowsReadUpTo = frontier.upTo();
                rowsAhead.advance(frontier);
              } finally {
                readingRows.set(false);
              }
            });
  }

  /** The same held-out rows of a group every time; to be closed by the caller. */
  public PackedBatch validation(String group, int from, int count, BodyFormat format) {
    int place = groupNames.indexOf(group);
    if (place < 0)
      throw new Refusal(
          ProblemType.GROUP_NOT_FOUND,
          "This run has no group `" + group + "`; its groups are " + groupNames + ".");
    packer.fetchHeldOut(place, from, count);
    return ahead.packers().call(() -> packer.packHeldOut(run.name(), place, from, count, format));
  }

  /** Where every row of an issued step comes from. */
  public ProvenanceAnswer provenance(int attempt, long step) {
    StepRows whole = run.stepRows(attempt, step);
    return new ProvenanceAnswer(
        whole.attempt(), step, packer.provenance(whole.groups(), whole.positions()));
  }

  @Override
  public void close() {
    run.close();
  }
}
