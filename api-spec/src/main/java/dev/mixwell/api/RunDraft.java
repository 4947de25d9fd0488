package dev.mixwell.api;

import java.util.List;

/**
 * A run's configuration while code writes it, each member by its name. Owned by one thread.
 *
 * <pre>{@code
 * RunSpec spec = RunSpec.draft(7, groups, 48, 2_048).lookahead(2).spec();
 * }</pre>
 */
public final class RunDraft {
  private final long seed;
  private final List<RunSpec.Group> groups;
  private final int batchRows;
  private final int rowTokens;
  private int unitRows;
  private RunSpec.Composition composition;
  private MixerSpec mixer;
  private int lookahead;
  private int issueAhead;
  private RunSpec.Exhausted exhausted;
  private RunSpec.Reporters reporters;
  private RunSpec.Closing closing;
  private int validationRows;
  private double validationShare;
  private int evaluateEvery;
  private RunSpec.Limits limits;
  private RunSpec.Packing packing;

  RunDraft(RunSpec from) {
    this.seed = from.seed();
    this.groups = from.groups();
    this.batchRows = from.batchRows();
    this.rowTokens = from.rowTokens();
    this.unitRows = from.unitRows();
    this.composition = from.composition();
    this.mixer = from.mixer();
    this.lookahead = from.lookahead();
    this.issueAhead = from.issueAhead();
    this.exhausted = from.exhausted();
    this.reporters = from.reporters();
    this.closing = from.closing();
    this.validationRows = from.validationRows();
    this.validationShare = from.validationShare();
    this.evaluateEvery = from.evaluateEvery();
    this.limits = from.limits();
    this.packing = from.packing();
  }

  /** The configuration as it is drafted; {@link RunLimits} refuses what it may not be. */
  public RunSpec spec() {
    return new RunSpec(
        seed,
        groups,
        batchRows,
        rowTokens,
        unitRows,
        composition,
        mixer,
        lookahead,
        issueAhead,
        exhausted,
        reporters,
        closing,
        validationRows,
        validationShare,
        evaluateEvery,
        limits,
        packing);
  }

  public RunDraft unitRows(int rows) {
    this.unitRows = rows;
    return this;
  }

  public RunDraft composition(RunSpec.Composition how) {
    this.composition = how;
    return this;
  }

  public RunDraft mixer(MixerSpec first) {
    this.mixer = first;
    return this;
  }

  public RunDraft lookahead(int steps) {
    this.lookahead = steps;
    return this;
  }

  public RunDraft issueAhead(int steps) {
    this.issueAhead = steps;
    return this;
  }

  public RunDraft exhausted(RunSpec.Exhausted what) {
    this.exhausted = what;
    return this;
  }

  public RunDraft reporters(RunSpec.Reporters who) {
    this.reporters = who;
    return this;
  }

  public RunDraft closing(RunSpec.Closing when) {
    this.closing = when;
    return this;
  }

  public RunDraft validationRows(int rows) {
    this.validationRows = rows;
    return this;
  }

  public RunDraft validationShare(double share) {
    this.validationShare = share;
    return this;
  }

  public RunDraft evaluateEvery(int steps) {
    this.evaluateEvery = steps;
    return this;
  }

  public RunDraft limits(RunSpec.Limits bounds) {
    this.limits = bounds;
    return this;
  }

  public RunDraft packing(RunSpec.Packing how) {
    this.packing = how;
    return this;
  }
}
