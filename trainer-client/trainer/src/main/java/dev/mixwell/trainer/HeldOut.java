package dev.mixwell.trainer;

import dev.mixwell.api.RunSpec;
import dev.mixwell.client.Rows;
import dev.mixwell.client.RunClient;
import dev.mixwell.trainer.model.GroupSums;
import dev.mixwell.trainer.model.Learner;
import java.util.ArrayList;
import java.util.List;

/**
 * Some of a run's held-out rows, as many of every group, fetched when they are first needed and
 * kept: they are the same every time. Owned by the training thread.
 */
final class HeldOut {
  private static final int PAGE_ROWS = 256;

  private final RunClient run;
  private final List<String> names;
  private final int first;
  private final int count;
  private final List<Rows> pages = new ArrayList<>();

  /** Rows {@code first} to {@code first + count - 1} of every group. */
  HeldOut(RunClient run, RunSpec spec, int first, int count) {
    this.run = run;
    this.first = first;
    this.count = count;
    names = spec.groups().stream().map(RunSpec.Group::name).toList();
  }

  /** The rows that mixers may hear of. */
  static HeldOut validation(RunClient run, RunSpec spec) {
    return new HeldOut(run, spec, 0, spec.validationRows());
  }

  GroupSums evaluate(Learner learner) {
    if (pages.isEmpty()) fetch();
    var sums = new GroupSums(names);
    learner.evaluate(pages, sums);
    return sums;
  }

  private void fetch() {
    for (String name : names)
      for (int from = 0; from < count; from += PAGE_ROWS)
        pages.add(run.heldOut(name, first + from, Math.min(PAGE_ROWS, count - from)));
  }
}
