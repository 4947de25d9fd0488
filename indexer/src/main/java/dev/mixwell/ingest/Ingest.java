package dev.mixwell.ingest;

import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.Manifest;
import dev.mixwell.catalog.TokenizerInfo;
import dev.mixwell.shard.TokenType;
import dev.mixwell.tokenize.Tokenizer;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Makes an index: one thread reads lines and writes documents in the order of the lines, others
 * parse and tokenize between. The same input gives the same bytes for any number of threads, and of
 * several mistakes the first in the input is the one that is named.
 */
public final class Ingest {
  /** Batches under way for each thread: enough to keep it busy while the writer forces a shard. */
  private static final int BATCHES_PER_THREAD = 4;

  private final IndexOutput output;
  private final BatchReader reader;
  private final DocumentEncoder encoder;
  private final ExecutorService pool;
  private final int maxPending;
  private final Progress progress;
  private final ArrayDeque<Future<List<EncodedDocument>>> pending = new ArrayDeque<>();
  private @Nullable Refusal readFailure;

  private Ingest(
      IngestSpec spec,
      BatchReader reader,
      IndexOutput output,
      ExecutorService pool,
      Progress progress) {
    this.reader = reader;
    this.output = output;
    this.encoder = new DocumentEncoder(spec);
    this.pool = pool;
    this.maxPending = spec.threads() * BATCHES_PER_THREAD;
    this.progress = progress;
  }

  /**
   * Indexes all inputs. Whatever is thrown, the output's place is as it was.
   *
   * @throws Refusal bad-input, saying what, where and what to do
   * @throws InterruptedException if the thread is interrupted
   */
  public static Manifest run(IngestSpec spec, Progress progress)
      throws IOException, InterruptedException {
    try (var staged = StagedDirectory.create(spec.output(), spec.replace())) {
      Manifest manifest = write(spec, staged, progress);
      staged.publish();
      return manifest;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("interrupted while reading or writing");
    }
  }

  private static Manifest write(IngestSpec spec, StagedDirectory staged, Progress progress)
      throws IOException, InterruptedException {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            spec.threads(), Thread.ofPlatform().name("tokenize-", 0).daemon().factory());
    try (var reader = new BatchReader(spec.inputs());
        var output = output(spec, staged.path())) {
      new Ingest(spec, reader, output, pool, progress).transfer();
      return output.finish();
    } finally {
      pool.shutdownNow();
    }
  }

  private static IndexOutput output(IngestSpec spec, Path directory) throws IOException {
    Tokenizer t = spec.tokenizer();
    return new IndexOutput(
        directory,
        new TokenizerInfo(t.name(), t.vocabularySize(), t.endOfDocument()),
        TokenType.forVocabulary(t.vocabularySize()),
        spec.shardTokens());
  }

  private void transfer() throws IOException, InterruptedException {
    while (true) {
      while (pending.size() < maxPending && submitNext()) {}
      Future<List<EncodedDocument>> oldest = pending.poll();
      if (oldest == null) break;
      for (EncodedDocument document : await(oldest)) output.append(document);
      progress.reached(output.documents(), reader.readBytes());
    }
    if (readFailure != null) throw readFailure;
  }

  /** False at the end of the inputs, or at damage that comes after all lines before it. */
  private boolean submitNext() throws IOException {
    if (readFailure != null) return false;
    try {
      List<Line> lines = reader.next();
      if (lines.isEmpty()) return false;
      pending.add(pool.submit(() -> encoder.encode(lines)));
      return true;
    } catch (Refusal e) {
      readFailure = e;
      return false;
    }
  }

  private static List<EncodedDocument> await(Future<List<EncodedDocument>> batch)
      throws InterruptedException {
    try {
      return batch.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
