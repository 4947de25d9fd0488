package dev.mixwell.service;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.api.RunSpec;
import dev.mixwell.group.Dataset;
import dev.mixwell.group.ExtentsCache;
import dev.mixwell.group.ExtentsFile;
import dev.mixwell.group.GroupOverlap;
import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.group.ResolvedGroup;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.timeline.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The groups of one run in its folder: resolved once, when it is created, and read back ever after,
 * so that a catalog that grew later changes nothing. {@code NNNN.train.extents} and {@code
 * NNNN.held-out.extents} by the group's place, copied from the cache; {@code overlaps.json}.
 */
final class RunFiles {
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
      pinned.add(pin(group, spec));
    }
    int mixerVersion = Mixers.create(spec.mixer(), context(spec, pinned)).version();
    for (int i = 0; i < resolved.size(); i++)
      cache.copy(dataset, resolved.get(i), spec.validationShare(), training(i), heldOut(i));
    new OverlapsFile(folder).write(resolver.overlaps(resolved)); // and forces the folder
    return new Event.RunCreated(spec, dataset.sha256(), pinned, mixerVersion);
  }

  /**
   * Reads the groups back.
   *
   * @throws Refusal {@code extents-damaged}
   */
  List<GroupRows> open(Event.RunCreated created) {
    var rows = new ArrayList<GroupRows>();
    for (Event.PinnedGroup g : created.groups()) {
      int place = rows.size();
      var training = ExtentsFile.read(training(place), g.extentsSha256());
      var heldOut = ExtentsFile.read(heldOut(place), g.heldOutSha256());
      var group = new ResolvedGroup(g.name(), g.query(), training, heldOut);
      rows.add(new GroupRows(group, place, created.spec().seed(), created.spec().rowTokens()));
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

  private static Event.PinnedGroup pin(ResolvedGroup group, RunSpec spec) {
    long rows = GroupRows.rows(group.training().tokens(), spec.rowTokens());
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
        GroupRows.rows(group.heldOut().tokens(), spec.rowTokens()));
  }

  private static MixerContext context(RunSpec spec, List<Event.PinnedGroup> pinned) {
    return MixerContext.of(spec, pinned.stream().mapToLong(Event.PinnedGroup::tokens).toArray());
  }

  private Path training(int place) {
    return folder.resolve("%04d.train.extents".formatted(place));
  }

  private Path heldOut(int place) {
    return folder.resolve("%04d.held-out.extents".formatted(place));
  }
}
