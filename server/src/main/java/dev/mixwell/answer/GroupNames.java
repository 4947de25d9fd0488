package dev.mixwell.answer;

import dev.mixwell.timeline.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Vectors by group index as maps by group name, in the run's order. Immutable. */
public record GroupNames(List<String> names) {
  public static GroupNames of(Event.RunCreated created) {
    return new GroupNames(created.groups().stream().map(Event.PinnedGroup::name).toList());
  }

  public Map<String, Double> shares(double[] values) {
    var byGroup = new LinkedHashMap<String, Double>();
    for (int i = 0; i < values.length; i++) byGroup.put(names.get(i), values[i]);
    return byGroup;
  }

  public Map<String, Long> counts(long[] values) {
    var byGroup = new LinkedHashMap<String, Long>();
    for (int i = 0; i < values.length; i++) byGroup.put(names.get(i), values[i]);
    return byGroup;
  }
}
