package dev.mixwell.writing;

import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Metadata that documents get where they have none of that key. Of several values for a key the
 * first whose path fits counts. Thread-safe.
 */
public record MetadataDefaults(List<Value> values) {
  public static final MetadataDefaults NONE = new MetadataDefaults(List.of());

  /**
   * @param paths of the files whose documents it is for
   */
  public record Value(Predicate<String> paths, String key, MetadataValue value) {}

  public MetadataDefaults {
    values = List.copyOf(values);
  }

  /** Those for one file, wherever its lines are read from. */
  public MetadataDefaults of(String path) {
    return new MetadataDefaults(
        values.stream()
            .filter(value -> value.paths.test(path))
            .map(value -> new Value(_ -> true, value.key, value.value))
            .toList());
  }

  /** The metadata of a document of this file, completed. */
  public Metadata complete(String path, Metadata own) {
    TreeMap<String, List<MetadataValue>> all = null;
    for (Value value : values) {
      var known = all == null ? own.values() : all;
      if (known.containsKey(value.key()) || !value.paths().test(path)) continue;
      if (all == null) all = new TreeMap<>(own.values());
      all.put(value.key(), List.of(value.value()));
    }
    return all == null ? own : new Metadata(all);
  }
}
