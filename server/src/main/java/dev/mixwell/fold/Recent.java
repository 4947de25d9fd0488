package dev.mixwell.fold;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last values put, by attempt and step. Written by one thread, read by any. Nothing is
 * forgotten before {@link #trim}: what a commit adds stays until it is durable.
 *
 * @param <V> the value; immutable
 */
public final class Recent<V> {
  /** A step of an attempt. */
  record Key(int attempt, long step) {}

  private final int capacity;
  // Decides no byte: values are looked up, and nobody iterates.
  private final Map<Key, V> values = new ConcurrentHashMap<>();
  private final Deque<Key> order = new ArrayDeque<>();

  Recent(int capacity) {
    this.capacity = capacity;
  }

  public @Nullable V get(int attempt, long step) {
    return values.get(new Key(attempt, step));
  }

  void put(int attempt, long step, V value) {
    var key = new Key(attempt, step);
    if (values.put(key, value) == null) order.addLast(key);
  }

  /** Forgets the oldest beyond the capacity. */
  void trim() {
    while (order.size() > capacity) values.remove(order.removeFirst());
  }

  /** Forgets an attempt's values from a step on. */
  void dropFrom(int attempt, long step) {
    order.removeIf(
        key -> {
          boolean drop = key.attempt == attempt && key.step >= step;
          if (drop) values.remove(key);
          return drop;
        });
  }
}
