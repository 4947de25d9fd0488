package dev.mixwell.verify.formats;

import dev.mixwell.adopt.AdoptSpec;
import dev.mixwell.adopt.Adoption;
import dev.mixwell.adopt.AdoptionProgress;
import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.Refusal;
import dev.mixwell.ingest.IngestSpec;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.objects.ObjectStore;
import dev.mixwell.opened.Dataset;
import dev.mixwell.shard.Shard;
import dev.mixwell.store.ShardStore;
import dev.mixwell.tokenize.Tokenizer;
import dev.mixwell.tokenize.Tokenizers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Adopts one sample into an index of its own and reads it back as it would be served. */
final class FormatReplay {
  private static final long CACHE_BYTES = 1L << 32;

  private final FormatCase sample;
  private final Warnings warnings = new Warnings();

  private FormatReplay(FormatCase sample) {
    this.sample = sample;
  }

  /**
   * What was found, in a few words.
   *
   * @throws IllegalArgumentException naming the first difference
   * @throws Refusal if a whole sample was not adopted
   */
  static String of(FormatCase sample) throws IOException {
    Path scratch = Files.createTempDirectory("mixwell-verify-formats-");
    try {
      return new FormatReplay(sample).replay(scratch.resolve("index"));
    } finally {
      ForcedFiles.deleteTree(scratch);
    }
  }

  private String replay(Path index) throws IOException {
    String why = sample.damage() == null ? sample.unserved() : sample.damage();
    if (why == null) {
      adopt(index);
      return compared(index);
    }
    try {
      adopt(index);
    } catch (Refusal refusal) {
      return "refused: " + refusal.detail();
    }
    if (!warnings.found.isEmpty()) return "warned: " + warnings.found.getFirst();
    throw new IllegalArgumentException("adopted without a word, though " + why);
  }

  private void adopt(Path index) throws IOException {
    Integer vocabularySize = sample.vocabularySize();
    Tokenizer tokenizer = vocabularySize == null ? Tokenizers.named("byte") : null;
    var vocabulary =
        tokenizer == null
            ? new TokenizerInfo(
                "stated", Objects.requireNonNull(vocabularySize), sample.endOfDocument())
            : new TokenizerInfo(
                tokenizer.name(), tokenizer.vocabularySize(), tokenizer.endOfDocument());
    var spec =
        new AdoptSpec(
            sample.inputs(),
            index,
            vocabulary,
            tokenizer,
            IngestSpec.DEFAULT_SHARD_TOKENS,
            1,
            false,
            false,
            ObjectStore.Access.OF_ENVIRONMENT);
    try {
      Adoption.run(spec, warnings);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private String compared(Path index) throws IOException {
    List<@Nullable Object> expected = sample.documents();
    long absent = expected.stream().filter(Objects::isNull).count();
    expected.removeIf(Objects::isNull);
    require("rows without a document", absent, warnings.absent);
    List<String> masks = sample.masks();
    List<String> ids = sample.ids();
    long tokens = 0;
    try (ShardStore store = ShardStore.caching(index.resolveSibling("shards"), CACHE_BYTES);
        Dataset dataset = Dataset.open(index, store)) {
      List<Found> found = found(dataset);
      require("documents", expected.size(), found.size());
      for (int d = 0; d < found.size(); d++) {
        compare(d, Objects.requireNonNull(expected.get(d)), found.get(d));
        if (masks != null) require("mask of document " + d, masks.get(d), found.get(d).mask());
        if (ids != null) require("id of document " + d, ids.get(d), found.get(d).id);
        tokens += found.get(d).ids.length;
      }
    }
    return "%s  %,d documents, %,d tokens%s%s"
        .formatted(
            sample.format(),
            expected.size(),
            tokens,
            absent == 0 ? "" : ", %d rows without one".formatted(absent),
            masks == null ? "" : ", with loss mask");
  }

  private static void compare(int document, Object expected, Found found) {
    if (expected instanceof int[] ids) {
      if (!Arrays.equals(ids, found.ids))
        throw new IllegalArgumentException(
            "document %,d has %,d tokens where %,d are expected, the first difference at %,d"
                .formatted(
                    document, found.ids.length, ids.length, Arrays.mismatch(ids, found.ids)));
    } else require("document " + document, expected, found.text());
  }

  private static void require(String what, Object expected, Object found) {
    if (!expected.equals(found))
      throw new IllegalArgumentException(
          "%s: expected %s, found %s".formatted(what, expected, found));
  }

  /** All documents in manifest order, put together where they go on from one shard to the next. */
  private static List<Found> found(Dataset dataset) {
    var all = new ArrayList<Found>();
    for (int s = 0; s < dataset.shards().size(); s++) {
      Shard shard = dataset.shards().get(s);
      for (long d = 0; d < shard.documentCount(); d++) {
        Found document = Found.of(shard, d, dataset.catalog().documentId(s, d));
        if (d == 0 && shard.continuesDocument()) all.add(all.removeLast().with(document));
        else all.add(document);
      }
    }
    return all;
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by its parts
  private record Found(String id, int[] ids, byte[] marks) {
    static Found of(Shard shard, long ordinal, String id) {
      long start = shard.documentStart(ordinal);
      int length = Math.toIntExact(shard.documentStart(ordinal + 1) - start);
      byte[] marks = new byte[length];
      shard.copyMask(start, length, marks, 0);
      return new Found(id, shard.ids(start, length), marks);
    }

    Found with(Found rest) {
      require("id of a document that goes on", id, rest.id);
      int[] both = Arrays.copyOf(ids, ids.length + rest.ids.length);
      System.arraycopy(rest.ids, 0, both, ids.length, rest.ids.length);
      byte[] all = Arrays.copyOf(marks, marks.length + rest.marks.length);
      System.arraycopy(rest.marks, 0, all, marks.length, rest.marks.length);
      return new Found(id, both, all);
    }

    String mask() {
      var mask = new StringBuilder();
      for (byte mark : marks) mask.append(mark);
      return mask.toString();
    }

    /** Of the byte tokenizer's ids, without the end of document. */
    String text() {
      byte[] utf8 = new byte[ids.length - 1];
      for (int i = 0; i < utf8.length; i++) utf8[i] = (byte) ids[i];
      return new String(utf8, StandardCharsets.UTF_8);
    }
  }

  private static final class Warnings implements AdoptionProgress {
    private final List<String> found = new ArrayList<>();
    private long absent;

    @Override
    public void absent(String dataSet) {
      absent++;
    }

    @Override
    public void warn(String what) {
      found.add(what);
    }
  }
}
