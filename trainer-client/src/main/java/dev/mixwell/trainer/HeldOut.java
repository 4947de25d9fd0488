package dev.mixwell.trainer;

import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.client.Rows;
import dev.mixwell.client.RunClient;
import java.util.ArrayList;
import java.util.List;

/**
 * A run's held-out rows, fetched when they are first needed and kept: they are the same every time.
 * Owned by the training thread.
 */
final class HeldOut {
  private static final int PAGE_ROWS = 256;

  private final RunClient run;
  private final RunSpec spec;
  private final List<String> names;
  private final List<Rows> pages = new ArrayList<>();

  HeldOut(RunClient run, RunAnswer answer) {
    this.run = run;
    spec = answer.spec();
    names = spec.groups().stream().map(RunSpec.Group::name).toList();
  }

  GroupSums evaluate(Learner learner) {
    if (pages.isEmpty()) fetch();
    var sums = new GroupSums(names);
    for (Rows page : pages) learner.evaluate(page, sums);
    return sums;
  }

  private void fetch() {
    int rows = spec.validationRows();
    for (String name : names)
      for (int from = 0; from < rows; from += PAGE_ROWS)
        pages.add(run.heldOut(name, from, Math.min(PAGE_ROWS, rows - from)));
  }
}
