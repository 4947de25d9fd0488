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
import dev.mixwell.run.IssuedStep;
import dev.mixwell.run.Run;
import dev.mixwell.run.StepRows;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run that is served: its timeline, and its rows as bytes. Thread-safe. */
public final class ServedRun implements AutoCloseable {
  private final Run run;
  private final Dataset dataset;
  private final BatchPacker packer;
  private final List<RunAnswer.Overlap> overlaps;
  private final List<String> groupNames = new ArrayList<>();
  private final Packing packing;
  private final RowsAhead rowsAhead;

  /**
   * @param groups cut as the run says, in its order
   */
  ServedRun(
      Run run,
      Dataset dataset,
      List<GroupRows> groups,
      List<RunAnswer.Overlap> overlaps,
      Packing packing) {
    this.run = run;
    this.packing = packing;
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
    return run.spec();
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
   * A rank's share of a step as bytes, which lay ready or are packed now; the caller closes them.
   *
   * <p>What has to come over a network comes while this thread waits, not one of those that pack
   * for all runs.
   *
   * @throws Refusal {@code shard-damaged}, {@code shard-unreachable}
   */
  public ReadyBody body(IssuedStep step, BodyFormat format) {
    rowsAhead.follow(run, packing);
    packer.fetch(step.groups(), step.positions());
    if (format == BodyFormat.JSON) return packing.packed(() -> pack(step, format));
    var reader = new Packing.Reader(run.name(), step.attempt(), step.rank(), format);
    return packing.take(
        reader, step.step(), () -> pack(step, format), next -> packNext(reader, next));
  }

  /** Null where the step is not issued, or its rows are being fetched until somebody asks. */
  private @Nullable PackedBatch packNext(Packing.Reader reader, long step) {
    IssuedStep issued = run.issuedStepAtHand(reader.attempt(), step, reader.rank());
    return issued == null || !packer.begin(issued.groups(), issued.positions())
        ? null
        : pack(issued, reader.format());
  }

  private PackedBatch pack(IssuedStep step, BodyFormat format) {
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

  /** The same held-out rows of a group every time; the caller closes them. */
  public ReadyBody validation(String group, int from, int count, BodyFormat format) {
    int index = groupNames.indexOf(group);
    if (index < 0)
      throw new Refusal(
          ProblemType.GROUP_NOT_FOUND,
          "This run has no group `" + group + "`; its groups are " + groupNames + ".");
    packer.fetchHeldOut(index, from, count);
    return packing.packed(() -> packer.packHeldOut(run.name(), index, from, count, format));
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
