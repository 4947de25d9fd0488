package dev.mixwell.manifest;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the documents, tokens and bytes of each value of each key while an index is made: a scan
 * of a billion documents for the same counts would take more than a minute. Owned by one thread.
 */
public final class KeyCounter {
  static final int MAX_KEYS = 1_000;
  static final int MAX_VALUES_OF_KEY = 1_000;
  static final int MAX_VALUES = 50_000; // with MAX_VALUE_CHARS, keeps keys.json below its limit
  static final int MAX_VALUE_CHARS = 64;

  private final TreeMap<String, Tally> keys = new TreeMap<>();
  private int values;

  /**
   * Counts one document.
   *
   * @param tokens its length with the end of document
   * @param bytes of its text in UTF-8
   * @throws Refusal bad-input if the document has a key too many
   */
  public void add(Metadata metadata, long tokens, long bytes) {
    for (var key : metadata.values().entrySet())
      if (!key.getValue().isEmpty()) tally(key.getKey()).add(key.getValue(), tokens, bytes);
  }

  public Keys keys(@Nullable FullText text) {
    var list = new ArrayList<KeyStatistics>();
    keys.forEach((name, tally) -> list.add(tally.statistics(name)));
    return new Keys(list, text);
  }

  private Tally tally(String key) {
    Tally tally = keys.get(key);
    if (tally != null) return tally;
    if (keys.size() == MAX_KEYS)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "The metadata has more than %,d keys (\"%s\" is the next). Put names that vary into values."
              .formatted(MAX_KEYS, key));
    tally = new Tally();
    keys.put(key, tally);
    return tally;
  }

  private static final class Count {
    long documents;
    long tokens;
    long bytes;

    public void add(long documentTokens, long documentBytes) {
      documents++;
      tokens += documentTokens;
      bytes += documentBytes;
    }
  }

  private final class Tally {
    private final Count all = new Count();
    private final KeyBounds bounds = new KeyBounds();
    private @Nullable TreeMap<String, Count> counts = new TreeMap<>();

    public void add(List<MetadataValue> found, long tokens, long bytes) {
      all.add(tokens, bytes);
      for (MetadataValue value : found) bounds.add(value);
      if (found.size() == 1) count(found.getFirst().text(), tokens, bytes);
      else found.stream().map(MetadataValue::text).distinct().forEach(v -> count(v, tokens, bytes));
    }

    private void count(String value, long tokens, long bytes) {
      if (counts == null) return;
      Count count = counts.get(value);
      if (count == null) {
        if (counts.size() == MAX_VALUES_OF_KEY
            || values == MAX_VALUES
            || value.length() > MAX_VALUE_CHARS) {
          values -= counts.size();
          counts = null;
          return;
        }
        count = new Count();
        counts.put(value, count);
        values++;
      }
      count.add(tokens, bytes);
    }

    KeyStatistics statistics(String name) {
      return new KeyStatistics(
          name,
          bounds.keywords(),
          bounds.wholes(),
          bounds.decimals(),
          bounds.numbers(),
          bounds.dates(),
          all.documents,
          all.tokens,
          all.bytes,
          values());
    }

    private @Nullable List<ValueStatistics> values() {
      if (counts == null) return null;
      var list = new ArrayList<ValueStatistics>();
      counts.forEach((v, c) -> list.add(new ValueStatistics(v, c.documents, c.tokens, c.bytes)));
      return list;
    }
  }
}
