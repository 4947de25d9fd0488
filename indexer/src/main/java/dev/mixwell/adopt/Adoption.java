package dev.mixwell.adopt;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.Manifest;
import dev.mixwell.catalog.RecordedShard;
import dev.mixwell.format.DataSet;
import dev.mixwell.format.Format;
import dev.mixwell.format.Formats;
import dev.mixwell.format.TokenFile;
import dev.mixwell.ingest.DocumentEncoder;
import dev.mixwell.ingest.EmptyText;
import dev.mixwell.ingest.EncodingQueue;
import dev.mixwell.ingest.IndexOutput;
import dev.mixwell.ingest.IngestSpec;
import dev.mixwell.ingest.JsonLines;
import dev.mixwell.ingest.MetadataDefaults;
import dev.mixwell.ingest.StagedDirectory;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes an index of shards that others wrote. Everything that is read is checked: structure, the
 * digests that a format carries, every id against the vocabulary; what was found then is recorded,
 * so that any later change of a file is found when it is served.
 */
public final class Adoption {
  /** Batches of vocabularies up to it have 16-bit ids. */
  private static final int UINT16_VOCABULARY = 1 << 16;

  private final AdoptSpec spec;
  private final Path staged;
  private final IndexOutput output;
  private final EncodingQueue queue;
  private final @Nullable DocumentEncoder encoder;
  private final Report report;

  private Adoption(
      AdoptSpec spec, Path staged, IndexOutput output, EncodingQueue queue, Report report) {
    this.spec = spec;
    this.staged = staged;
    this.output = output;
    this.queue = queue;
    this.report = report;
    EmptyText empty = spec.skipEmpty() ? EmptyText.SKIP : EmptyText.KEEP;
    this.encoder = spec.tokenizer() == null ? null : new DocumentEncoder(spec.tokenizer(), empty);
  }

  /**
   * Adopts all inputs. Whatever is thrown, the output's place is as it was.
   *
   * @throws Refusal bad-input or shard-damaged, saying what, where and what to do
   * @throws InterruptedException if the thread is interrupted
   */
  public static Manifest run(AdoptSpec spec, Report report)
      throws IOException, InterruptedException {
    try (var staged = StagedDirectory.create(spec.output(), spec.replace())) {
      Manifest manifest = write(spec, staged.path(), report);
      staged.publish();
      return manifest;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("interrupted while reading or writing");
    }
  }

  private static Manifest write(AdoptSpec spec, Path staged, Report report)
      throws IOException, InterruptedException {
    int vocabularySize = spec.vocabulary().vocabularySize();
    TokenType type = vocabularySize <= UINT16_VOCABULARY ? TokenType.UINT16 : TokenType.INT32;
    try (var output = new IndexOutput(staged, spec.vocabulary(), type, spec.shardTokens(), null);
        var queue = new EncodingQueue(output, spec.threads())) {
      var adoption = new Adoption(spec, staged, output, queue, report);
      for (AdoptSpec.Input input : spec.inputs()) adoption.adopt(input);
      return output.finish();
    }
  }

  private void adopt(AdoptSpec.Input input) throws IOException, InterruptedException {
    try (var copies = new PlainCopies(staged)) {
      FolderDataSet data = FolderDataSet.open(input.place(), copies);
      List<String> lines = Formats.jsonLines(data);
      if (lines.isEmpty()) read(data, Formats.of(data), input);
      else transferLines(data, lines, input);
    }
  }

  private void read(FolderDataSet data, Format format, AdoptSpec.Input input) throws IOException {
    try (var found =
        new FoundDocuments(data.name(), output, queue, encoder, locator(data), report)) {
      format.read(data, input.stated(), found);
      found.finish();
    }
  }

  private void transferLines(DataSet data, List<String> names, AdoptSpec.Input input)
      throws IOException, InterruptedException {
    DocumentEncoder tokenizing = encoder;
    if (tokenizing == null)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "%s holds texts; name the tokenizer that is to make tokens of them with --tokenizer."
              .formatted(data.name()));
    String column = input.stated().column();
    String textField = column == null ? IngestSpec.DEFAULT_TEXT_FIELD : column;
    for (String name : names) {
      report.file(name);
      Path file = data.local(name);
      output.beginOrigin(location(file));
      new JsonLines(List.of(file), textField, input.stated().idField(), MetadataDefaults.NONE)
          .transfer(tokenizing, queue, _ -> {});
    }
  }

  private FoundDocuments.Locator locator(FolderDataSet data) {
    return new FoundDocuments.Locator() {
      @Override
      public RecordedShard.Source locate(String file, TokenFile of) {
        Path stored = data.local(file);
        Path plain = of.compression() == null ? stored : data.plainCopy(stored);
        return new RecordedShard.Source(location(stored), of.compression(), stored, plain);
      }

      @Override
      public String place(String file) {
        return location(data.local(file));
      }
    };
  }

  /**
   * As the manifest has it: relative where the file lies below the folder that the index lies in,
   * so that both can move together.
   */
  private String location(Path file) {
    Path index = spec.output().toAbsolutePath().normalize();
    Path home = index.getParent();
    return home != null && file.startsWith(home)
        ? index.relativize(file).toString()
        : file.toString();
  }
}
