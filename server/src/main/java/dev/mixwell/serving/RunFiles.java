package dev.mixwell.serving;

import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Recorded;
import dev.mixwell.group.ExtentsCache;
import dev.mixwell.group.ExtentsFile;
import dev.mixwell.group.GroupOverlap;
import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.group.PackedRows;
import dev.mixwell.group.PackingCounts;
import dev.mixwell.group.PackingPlan;
import dev.mixwell.group.ResolvedGroup;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.opened.Dataset;
import dev.mixwell.timeline.Event;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The groups of one run in its folder: resolved once, when it is created, and read back ever after,
 * so that a catalog that grew later changes nothing. {@code NNNN.train.extents} and {@code
 * NNNN.held-out.extents} by the group's index, copied from the cache; {@code overlaps.json}.
 */
final class RunFiles {
  private static final Logger LOG = System.getLogger(RunFiles.class.getName());

  private final Path folder;

  RunFiles(Path folder) {
    this.folder = folder;
  }

  /** Resolves the groups, checks what the run asks of them, and keeps their extents. */
  Event.RunCreated create(Dataset dataset, ExtentsCache cache, RunSpec spec) {
    var resolver = new GroupResolver(dataset);
    var resolved = new ArrayList<ResolvedGroup>();
    cache.trim();
    for (RunSpec.Group g : spec.groups())
      resolved.add(cache.resolve(dataset, g.name(), g.query(), spec.validationShare()));
    var pinned = new ArrayList<Event.PinnedGroup>();
    for (ResolvedGroup group : resolved) {
      resolver.requireHeldOut(group, spec.rowTokens(), spec.validationRows());
      pinned.add(pin(group, pack(dataset, group, spec, pinned.size()), spec));
    }
    int mixerVersion = Mixers.create(spec.mixer(), context(spec, pinned)).version();
    for (int i = 0; i < resolved.size(); i++)
      cache.copy(dataset, resolved.get(i), spec.validationShare(), training(i), heldOut(i));
    new OverlapsFile(folder).write(resolver.overlaps(resolved)); // and forces the folder
    return new Event.RunCreated(Recorded.run(spec), dataset.sha256(), pinned, mixerVersion);
  }

  /**
   * Reads the groups back.
   *
   * @throws Refusal {@code extents-damaged}
   */
  List<GroupRows> open(Event.RunCreated created) {
    RunSpec spec = Recorded.spec(created.spec());
    var rows = new ArrayList<GroupRows>();
    for (Event.PinnedGroup g : created.groups()) {
      int groupIndex = rows.size();
      var training = ExtentsFile.read(training(groupIndex), g.extentsSha256());
      var heldOut = ExtentsFile.read(heldOut(groupIndex), g.heldOutSha256());
      var group = new ResolvedGroup(g.name(), g.query(), training, heldOut);
      rows.add(rows(group, groupIndex, spec, g.packing()));
    }
    return rows;
  }

  /** As they were found when the run was created; found now for a run that has not kept them. */
  List<GroupOverlap> overlaps(Dataset dataset, List<GroupRows> groups) {
    var file = new OverlapsFile(folder);
    List<GroupOverlap> kept = file.read();
    if (kept != null) return kept;
    var resolved = new ArrayList<ResolvedGroup>();
    for (GroupRows g : groups) resolved.add(g.group());
    List<GroupOverlap> found = new GroupResolver(dataset).overlaps(resolved);
    file.write(found);
    return found;
  }

  private GroupRows rows(
      ResolvedGroup group, int groupIndex, RunSpec spec, Event.@Nullable PinnedPacking packing) {
    if (packing == null) return new GroupRows(group, groupIndex, spec.seed(), spec.rowTokens());
    var packed = PackedRows.open(packedRows(groupIndex), packing.sha256());
    return GroupRows.packed(group, groupIndex, spec.seed(), packed);
  }

  private Event.@Nullable PinnedPacking pack(
      Dataset dataset, ResolvedGroup group, RunSpec spec, int groupIndex) {
    if (spec.packing() == RunSpec.Packing.CONCAT) return null;
    long begunNanos = System.nanoTime();
    PackingPlan.Written plan =
        PackingPlan.write(
            dataset.shards(), group.training(), spec.rowTokens(), packedRows(groupIndex));
    LOG.log(
        Level.INFO,
        "group {0}: {1} documents packed into {2} rows in {3} ms",
        group.name(),
        plan.counts().documents(),
        plan.counts().rows(),
        (System.nanoTime() - begunNanos) / 1_000_000);
    PackingCounts counts = plan.counts();
    return new Event.PinnedPacking(
        plan.sha256(),
        counts.rows(),
        counts.documents(),
        counts.truncatedDocuments(),
        counts.truncatedByConcat(),
        counts.paddingTokens());
  }

  private static Event.PinnedGroup pin(
      ResolvedGroup group, Event.@Nullable PinnedPacking packing, RunSpec spec) {
    long rows =
        packing == null
            ? GroupRows.rows(group.training().tokens(), spec.rowTokens())
            : packing.rows();
    if (rows < spec.unitRows())
      throw new Refusal(
              ProblemType.INVALID_RUN,
              "Group `%s` has %,d training tokens, which make %,d rows of %,d inputs; a unit needs %,d. Widen its query or lower rowTokens."
                  .formatted(
                      group.name(),
                      group.training().tokens(),
                      rows,
                      spec.rowTokens(),
                      spec.unitRows()))
          .with("group", group.name());
    return new Event.PinnedGroup(
        group.name(),
        group.query(),
        group.training().sha256(),
        group.heldOut().sha256(),
        group.documents(),
        group.training().tokens(),
        rows,
        GroupRows.rows(group.heldOut().tokens(), spec.rowTokens()),
        packing);
  }

  private static MixerContext context(RunSpec spec, List<Event.PinnedGroup> pinned) {
    return MixerContext.of(spec, pinned.stream().mapToLong(Event.PinnedGroup::tokens).toArray());
  }

  private Path packedRows(int groupIndex) {
    return folder.resolve("%04d.rows".formatted(groupIndex));
  }

  private Path training(int groupIndex) {
    return folder.resolve("%04d.train.extents".formatted(groupIndex));
  }

  private Path heldOut(int groupIndex) {
    return folder.resolve("%04d.held-out.extents".formatted(groupIndex));
  }
}
