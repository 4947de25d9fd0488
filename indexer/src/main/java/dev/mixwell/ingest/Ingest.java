package dev.mixwell.ingest;

import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.shard.TokenType;
import dev.mixwell.tokenize.Tokenizer;
import dev.mixwell.writing.AppendingQueue;
import dev.mixwell.writing.DocumentEncoder;
import dev.mixwell.writing.EmptyText;
import dev.mixwell.writing.IndexOutput;
import dev.mixwell.writing.MetadataDefaults;
import dev.mixwell.writing.StagedDirectory;
import dev.mixwell.writing.StagedGeneration;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;

/**
 * Makes an index: one thread reads lines and writes documents in the order of the lines, others
 * parse and tokenize between. The same input gives the same bytes for any number of threads, and of
 * several mistakes the first in the input is the one that is named.
 */
public final class Ingest {
  private Ingest() {}

  /**
   * Indexes all inputs. Whatever is thrown, the output's place is as it was.
   *
   * @throws Refusal bad-input, saying what, where and what to do
   * @throws InterruptedException if the thread is interrupted
   */
  public static Manifest run(IngestSpec spec, IngestProgress progress)
      throws IOException, InterruptedException {
    try (var staged = StagedDirectory.create(spec.output(), spec.replace())) {
      Manifest manifest;
      try (var output = output(spec, staged.path())) {
        manifest = write(spec, output, staged.path(), progress);
      }
      staged.publish();
      return manifest;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("interrupted while reading or writing");
    }
  }

  /**
   * Adds all inputs to an index that is there, as its next generation. Whatever is thrown, the
   * index is as it was.
   *
   * @throws Refusal bad-input, saying what, where and what to do; not-found where there is no index
   * @throws InterruptedException if the thread is interrupted
   */
  public static Manifest add(IngestSpec spec, IngestProgress progress)
      throws IOException, InterruptedException {
    try (var staged = StagedGeneration.after(spec.output())) {
      Manifest manifest;
      try (var output = IndexOutput.onto(staged, vocabulary(spec), spec.shardTokens())) {
        manifest = write(spec, output, staged.path(), progress);
      }
      staged.publish();
      return manifest;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("interrupted while reading or writing");
    }
  }

  private static Manifest write(
      IngestSpec spec, IndexOutput output, Path directory, IngestProgress progress)
      throws IOException, InterruptedException {
    var encoder =
        new DocumentEncoder(
            spec.tokenizer(),
            spec.tokenizer().endOfDocument(),
            spec.skipEmpty() ? EmptyText.SKIP : EmptyText.REFUSE);
    MetadataDefaults defaults = spec.added().defaults();
    var lines = new JsonLines(spec.inputs(), spec.textField(), spec.idField(), defaults);
    try (var sidecar = spec.added().sidecar(directory);
        var queue = new AppendingQueue(output, spec.threads())) {
      output.joinWith(sidecar);
      lines.transfer(encoder, queue, read -> progress.reached(output.documents(), read));
      Manifest manifest = output.finish();
      if (sidecar != null) progress.joined(sidecar.counts());
      return manifest;
    }
  }

  private static IndexOutput output(IngestSpec spec, Path directory) throws IOException {
    return new IndexOutput(
        directory,
        vocabulary(spec),
        TokenType.forVocabulary(spec.tokenizer().vocabularySize()),
        spec.shardTokens(),
        spec.fullText());
  }

  private static TokenizerInfo vocabulary(IngestSpec spec) {
    Tokenizer t = spec.tokenizer();
    return new TokenizerInfo(t.name(), t.vocabularySize(), t.endOfDocument());
  }
}
