package dev.mixwell.cli.groups;

import dev.mixwell.catalog.Catalog;
import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.group.ResolvedGroup;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.opened.Dataset;
import dev.mixwell.query.QueryGrammar;
import dev.mixwell.shard.Shard;
import dev.mixwell.tokenize.Tokenizer;
import dev.mixwell.tokenize.Tokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tries queries on an index. Owned by one thread. */
final class Trial {
  private static final int SHOWN_TOKENS = 120;
  private static final int SHOWN_CHARS = 240;
  private static final int SHOWN_IDS = 16;

  /**
   * What is wanted.
   *
   * @param rowTokens inputs of a row (T)
   * @param budgetTokens that a run would serve; null for no epochs
   * @param sample documents shown of each group
   */
  record Wanted(int rowTokens, @Nullable Long budgetTokens, int sample, long seed) {}

  private final Dataset dataset;
  private final Wanted wanted;
  private final Consumer<String> progress;
  private final @Nullable Tokenizer tokenizer;

  /**
   * @param progress hears what is done next
   */
  Trial(Dataset dataset, Wanted wanted, Consumer<String> progress) {
    this.dataset = dataset;
    this.wanted = wanted;
    this.progress = progress;
    this.tokenizer = wanted.sample == 0 ? null : tokenizer(dataset.manifest().tokenizer());
  }

  private static @Nullable Tokenizer tokenizer(TokenizerInfo info) {
    if (!Tokenizers.names().contains(info.name())) return null;
    Tokenizer named = Tokenizers.named(info.name());
    return named.vocabularySize() == info.vocabularySize() ? named : null;
  }

  /**
   * @param queries by name, in order
   * @throws dev.mixwell.base.Refusal invalid-query, naming the query and what is wrong with it
   */
  TrialReport run(Map<String, String> queries) {
    var resolver = new GroupResolver(dataset);
    var resolved = new ArrayList<ResolvedGroup>();
    var groups = new ArrayList<TrialReport.Group>();
    for (var query : queries.entrySet()) {
      progress.accept("resolving %s: %s".formatted(query.getKey(), query.getValue()));
      ResolvedGroup group = resolver.resolve(query.getKey(), query.getValue(), 0);
      resolved.add(group);
      groups.add(group(group));
    }
    if (resolved.size() > 1) progress.accept("comparing them");
    return new TrialReport(
        dataset.sha256(),
        dataset.manifest().documents(),
        dataset.manifest().tokens(),
        wanted.rowTokens,
        wanted.budgetTokens,
        groups,
        resolver.overlaps(resolved));
  }

  private TrialReport.Group group(ResolvedGroup group) {
    long rows = GroupRows.rows(group.tokens(), wanted.rowTokens);
    Long budget = wanted.budgetTokens;
    return new TrialReport.Group(
        group.name(),
        group.query(),
        QueryGrammar.read(group.query()).toString(),
        group.documents(),
        group.tokens(),
        rows,
        budget == null || rows == 0 ? null : (double) budget / rows / wanted.rowTokens,
        sample(group.query()));
  }

  private List<TrialReport.Sampled> sample(String query) {
    if (wanted.sample == 0) return List.of();
    var sample = new DocumentSample(wanted.seed, wanted.sample);
    dataset.catalog().select(query, sample);
    return sample.found().stream().map(this::shown).toList();
  }

  private TrialReport.Sampled shown(DocumentSample.Found found) {
    Catalog catalog = dataset.catalog();
    Shard shard = dataset.shards().get(found.shard());
    int[] ids = ids(shard, found);
    String text = text(ids);
    return new TrialReport.Sampled(
        catalog.documentId(found.shard(), found.ordinal()),
        shard.name(),
        found.ordinal(),
        found.lengthTokens(),
        catalog.metadata(found.shard(), found.ordinal()).plain(),
        text,
        text != null ? null : Arrays.stream(ids).limit(SHOWN_IDS).boxed().toList());
  }

  /** The first ones, without the end of document. */
  private int[] ids(Shard shard, DocumentSample.Found found) {
    int length = (int) Math.min(found.lengthTokens(), SHOWN_TOKENS);
    if (length == 0) return new int[0];
    shard.verify(found.startToken(), length);
    int[] ids = shard.ids(found.startToken(), length);
    Integer end = dataset.manifest().tokenizer().endOfDocument();
    boolean isEnded = end != null && ids[length - 1] == end;
    return isEnded ? Arrays.copyOf(ids, length - 1) : ids;
  }

  private @Nullable String text(int[] ids) {
    if (tokenizer == null) return null;
    try {
      String text = tokenizer.decode(ids);
      int end =
          text.offsetByCodePoints(0, Math.min(SHOWN_CHARS, text.codePointCount(0, text.length())));
      return text.substring(0, end);
    } catch (IllegalArgumentException e) { // an id of the vocabulary that stands for no text
      return null;
    }
  }
}
