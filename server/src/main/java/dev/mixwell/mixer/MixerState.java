package dev.mixwell.mixer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A mixer's whole state: named vectors, so that every mixer is recorded and restored in the same
 * way. Immutable. A scalar is a vector of one; a matrix [m][m] is a vector in row order.
 */
public final class MixerState {
  private final SortedMap<String, double[]> vectors;

  private MixerState(SortedMap<String, double[]> vectors) {
    this.vectors = vectors;
  }

  public static MixerState empty() {
    return new MixerState(new TreeMap<>());
  }

  public static MixerState of(Map<String, double[]> vectors) {
    var copy = new TreeMap<String, double[]>();
    vectors.forEach((name, vector) -> copy.put(name, vector.clone()));
    return new MixerState(copy);
  }

  /** This state with one vector set. */
  public MixerState with(String name, double... vector) {
    var copy = new TreeMap<>(vectors);
    copy.put(name, vector.clone());
    return new MixerState(copy);
  }

  /**
   * A copy of the vector.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public double[] vector(String name) {
    double[] vector = vectors.get(name);
    if (vector == null)
      throw new IllegalArgumentException("no vector `" + name + "` in " + vectors.keySet());
    return vector.clone();
  }

  public double scalar(String name) {
    double[] vector = vector(name);
    if (vector.length != 1)
      throw new IllegalArgumentException("`" + name + "` is a vector of " + vector.length);
    return vector[0];
  }

  /** The vectors for others to read: nobody can change them. */
  public Map<String, List<Double>> toLists() {
    var lists = new TreeMap<String, List<Double>>();
    vectors.forEach((name, vector) -> lists.put(name, Arrays.stream(vector).boxed().toList()));
    return lists;
  }

  public Map<String, double[]> toMap() {
    var copy = new TreeMap<String, double[]>();
    vectors.forEach((name, vector) -> copy.put(name, vector.clone()));
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof MixerState s) || !vectors.keySet().equals(s.vectors.keySet()))
      return false;
    for (String name : vectors.keySet())
      if (!Arrays.equals(vectors.get(name), s.vectors.get(name))) return false;
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (var e : vectors.entrySet())
      hash = 31 * hash + e.getKey().hashCode() + Arrays.hashCode(e.getValue());
    return hash;
  }

  @Override
  public String toString() {
    var text = new StringBuilder("{");
    vectors.forEach(
        (name, vector) ->
            text.append(name).append('=').append(Arrays.toString(vector)).append(' '));
    return text.append('}').toString();
  }
}
