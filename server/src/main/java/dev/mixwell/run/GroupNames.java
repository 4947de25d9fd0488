package dev.mixwell.run;

import dev.mixwell.timeline.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Vectors by group index as maps by group name, in the run's order. Immutable. */
record GroupNames(List<String> names) {
  static GroupNames of(Event.RunCreated created) {
    return new GroupNames(created.groups().stream().map(Event.PinnedGroup::name).toList());
  }

  Map<String, Double> shares(double[] values) {
    var byGroup = new LinkedHashMap<String, Double>();
    for (int i = 0; i < values.length; i++) byGroup.put(names.get(i), values[i]);
    return byGroup;
  }
}
