package dev.mixwell.service;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.ProvenanceAnswer;
import dev.mixwell.api.Refusal;
import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.catalog.TokenizerInfo;
import dev.mixwell.group.Dataset;
import dev.mixwell.group.GroupRows;
import dev.mixwell.pack.BatchFacts;
import dev.mixwell.pack.BatchPacker;
import dev.mixwell.pack.BodyFormat;
import dev.mixwell.pack.PackedBatch;
import dev.mixwell.run.IssuedStep;
import dev.mixwell.run.Run;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.List;

/** A run that is served: its timeline, and its rows as bytes. Thread-safe. */
public final class ServedRun implements AutoCloseable {
  private final Run run;
  private final Dataset dataset;
  private final BatchPacker packer;
  private final List<RunAnswer.Overlap> overlaps;
  private final List<String> groupNames = new ArrayList<>();

  /**
   * @param groups cut as the run says, in its order
   */
  ServedRun(Run run, Dataset dataset, List<GroupRows> groups, List<RunAnswer.Overlap> overlaps) {
    this.run = run;
    this.dataset = dataset;
    this.packer = new BatchPacker(dataset, groups);
    this.overlaps = List.copyOf(overlaps);
    for (GroupRows g : groups) groupNames.add(g.group().name());
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
              g.extentsSha256()));
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

  /**
   * A rank's share of a step as bytes; to be closed by the caller.
   *
   * @throws Refusal {@code shard-damaged}
   */
  public PackedBatch pack(IssuedStep step, BodyFormat format) {
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

  /** The same held-out rows of a group every time; to be closed by the caller. */
  public PackedBatch validation(String group, int from, int count, BodyFormat format) {
    int place = groupNames.indexOf(group);
    if (place < 0)
      throw new Refusal(
          ProblemType.GROUP_NOT_FOUND,
          "This run has no group `" + group + "`; its groups are " + groupNames + ".");
    return packer.packHeldOut(run.name(), place, from, count, format);
  }

  /** Where every row of an issued step comes from. */
  public ProvenanceAnswer provenance(int attempt, long step) {
    IssuedStep whole = run.issued(attempt, step);
    return new ProvenanceAnswer(
        whole.attempt(), step, packer.provenance(whole.groups(), whole.positions()));
  }

  @Override
  public void close() {
    run.close();
  }
}
