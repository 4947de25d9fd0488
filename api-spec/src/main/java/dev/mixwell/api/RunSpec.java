package dev.mixwell.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What fixes a run for ever. Absent members take the defaults; the answer to the creation shows
 * them all. {@code docs/run-configuration.md} is made from this class.
 *
 * <p>Its constructor fills in the defaults and refuses nothing, because the configuration of a run
 * that exists is told in this form, too, whatever the bounds are by then. {@link RunLimits} refuses
 * what no new run may have.
 *
 * @param seed fixes the row orders and the compositions
 * @param groups what is mixed, in the order in which proportions are listed
 * @param batchRows rows of a step over all ranks (the papers' batch size B)
 * @param rowTokens inputs of a row (T); a row carries one token more, for the shifted labels
 * @param unitRows rows drawn together from one group (u); divides {@code batchRows}
 * @param composition how proportions become rows
 * @param mixer the first mixer
 * @param lookahead how far ahead a close decides (L): the feedback of step k decides step k+L
 * @param issueAhead steps issued beyond the one that is asked for, as far as they are decided; up
 *     to twice as many where a pull of an issued step has the next ones issued in time
 * @param exhausted what happens when a group's rows are used up
 * @param reporters who posts train feedback
 * @param closing when a step with missing reporters closes
 * @param validationRows rows held out of each group and served for evaluations
 * @param validationShare share of documents held out, by a hash of their ids
 * @param evaluateEvery asks for an evaluation every so many steps, which no step waits for; 0 for
 *     never
 * @param limits bounds of every group's served share
 * @param packing how documents become rows
 */
public record RunSpec(
    long seed,
    List<Group> groups,
    int batchRows,
    int rowTokens,
    Integer unitRows,
    Composition composition,
    MixerSpec mixer,
    Integer lookahead,
    Integer issueAhead,
    Exhausted exhausted,
    Reporters reporters,
    Closing closing,
    Integer validationRows,
    Double validationShare,
    Integer evaluateEvery,
    Limits limits,
    Packing packing) {

  public static final int MAX_GROUPS = 1_024;
  public static final int MAX_BATCH_ROWS = 1 << 16;
  public static final int MAX_ROW_TOKENS = 1 << 20;
  public static final int MAX_LOOKAHEAD = 1_024;
  public static final int MAX_ISSUE_AHEAD = 1_024;

  /**
   * A named query over the catalog's metadata.
   *
   * @param name unlike those of the run's other groups
   * @param query over the metadata; NOT binds before AND, and AND before OR
   */
  public record Group(String name, String query) {}

  public enum Composition {
    /** Exact shares with a carry from step to step (Tijdeman's chairman assignment). */
    @JsonProperty("apportioned")
    APPORTIONED,
    /** Independent draws, keyed by seed, step and seat. */
    @JsonProperty("iid")
    IID
  }

  public enum Packing {
    /** The documents of a group are one stream, cut into rows. */
    @JsonProperty("concat")
    CONCAT,
    /** Whole documents, those together that fill a row best; what is left of it is padded. */
    @JsonProperty("best-fit")
    BEST_FIT
  }

  /**
   * @param policy {@code repeat} goes on with the group's next epoch; {@code max-epochs} takes the
   *     group out of the mixture after so many; {@code stop} issues nothing more
   * @param epochs for {@code max-epochs} only, which needs it
   */
  public record Exhausted(Policy policy, @Nullable Integer epochs) {
    public enum Policy {
      @JsonProperty("repeat")
      REPEAT,
      @JsonProperty("max-epochs")
      MAX_EPOCHS,
      @JsonProperty("stop")
      STOP
    }
  }

  public enum Reporters {
    /** One rank posts sums reduced over all ranks. */
    @JsonProperty("reduced")
    REDUCED,
    /** Every rank posts its own sums. */
    @JsonProperty("ranks")
    RANKS
  }

  /**
   * @param policy {@code wait} waits for all reporters; {@code close-after} closes without those
   *     that are late
   * @param afterMillis for {@code close-after} only, which needs it: counted from the first post of
   *     that step or a later one
   */
  public record Closing(Policy policy, @Nullable Long afterMillis) {
    public enum Policy {
      @JsonProperty("wait")
      WAIT,
      @JsonProperty("close-after")
      CLOSE_AFTER
    }
  }

  /**
   * @param floor least share of every group; 0 for none
   * @param maxChange most a share may move from one step to the next; 1 for no bound
   */
  public record Limits(Double floor, Double maxChange) {
    public Limits {
      floor = floor == null ? Double.valueOf(0) : floor;
      maxChange = maxChange == null ? Double.valueOf(1) : maxChange;
    }
  }

  public RunSpec {
    unitRows = unitRows == null ? 1 : unitRows;
    composition = composition == null ? Composition.APPORTIONED : composition;
    mixer = mixer == null ? new MixerSpec("stratified", Map.of()) : mixer;
    lookahead = lookahead == null ? 8 : lookahead;
    issueAhead = issueAhead == null ? 16 : issueAhead;
    exhausted = exhausted == null ? new Exhausted(Exhausted.Policy.REPEAT, null) : exhausted;
    reporters = reporters == null ? Reporters.REDUCED : reporters;
    closing = closing == null ? new Closing(Closing.Policy.WAIT, null) : closing;
    validationRows = validationRows == null ? 64 : validationRows;
    validationShare = validationShare == null ? 0.01 : validationShare;
    evaluateEvery = evaluateEvery == null ? 0 : evaluateEvery;
    limits = limits == null ? new Limits(0.0, 1.0) : limits;
    packing = packing == null ? Packing.CONCAT : packing;
    groups = groups == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(groups));
  }

  /** A configuration to be written member by member; what is not said has its default. */
  @SuppressWarnings("NullAway") // null stands for the default, as in JSON
  public static RunDraft draft(long seed, List<Group> groups, int batchRows, int rowTokens) {
    return new RunSpec(
            seed, groups, batchRows, rowTokens, null, null, null, null, null, null, null, null,
            null, null, null, null, null)
        .draft();
  }

  /** A draft of this configuration, to change some of it. */
  public RunDraft draft() {
    return new RunDraft(this);
  }

  /** Units of one step: the seats that are composed. */
  public int seats() {
    return batchRows / unitRows;
  }

  /** Tokens predicted in one step, over all ranks: B x T. */
  public long stepTokens() {
    return (long) batchRows * rowTokens;
  }

  /** Whether every rank posts its own: validation and alignment come from one reporter. */
  public boolean isByRank(FeedbackKind kind) {
    return switch (kind) {
      case TRAIN, EXCESS, DIFFERENCE -> reporters == Reporters.RANKS;
      case VALIDATION, ALIGNMENT -> false;
    };
  }
}
