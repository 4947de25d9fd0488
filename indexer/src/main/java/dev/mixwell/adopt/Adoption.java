package dev.mixwell.adopt;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.format.Format;
import dev.mixwell.format.TokenFile;
import dev.mixwell.format.reader.Formats;
import dev.mixwell.ingest.IngestSpec;
import dev.mixwell.ingest.JsonLines;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.RecordedShard;
import dev.mixwell.objects.ObjectName;
import dev.mixwell.objects.ObjectStore;
import dev.mixwell.shard.TokenType;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes an index of shards that others wrote. Everything that is read is checked: structure, the
 * digests that a format carries, every id against the vocabulary; what was found then is recorded,
 * so that any later change of a file is found when it is served. Owned by one thread, used once.
 */
public final class Adoption implements AutoCloseable {
  /** Batches of vocabularies up to it have 16-bit ids. */
  private static final int UINT16_VOCABULARY = 1 << 16;

  /** Of copies of objects, beside the index that is being made. */
  private static final long SCRATCH_BYTES = 16L << 30;

  private final AdoptSpec spec;
  private final Path staged;
  private final IndexOutput output;
  private final AppendingQueue queue;
  private final @Nullable DocumentEncoder encoder;
  private final AdoptionProgress progress;
  private @Nullable ObjectStore objects; // made when an input lies there
  private long readBytes; // of a file of lines

  private Adoption(
      AdoptSpec spec,
      Path staged,
      IndexOutput output,
      AppendingQueue queue,
      AdoptionProgress progress) {
    this.spec = spec;
    this.staged = staged;
    this.output = output;
    this.queue = queue;
    this.progress = progress;
    EmptyText empty = spec.skipEmpty() ? EmptyText.SKIP : EmptyText.KEEP;
    Integer end = spec.vocabulary().endOfDocument();
    this.encoder =
        spec.tokenizer() == null ? null : new DocumentEncoder(spec.tokenizer(), end, empty);
  }

  /**
   * Adopts all inputs, as an index of their own. Whatever is thrown, the output's place is as it
   * was.
   *
   * @throws Refusal bad-input or shard-damaged, saying what, where and what to do
   * @throws InterruptedException if the thread is interrupted
   */
  public static Manifest run(AdoptSpec spec, AdoptionProgress progress)
      throws IOException, InterruptedException {
    int vocabularySize = spec.vocabulary().vocabularySize();
    TokenType type = vocabularySize <= UINT16_VOCABULARY ? TokenType.UINT16 : TokenType.INT32;
    try (var staged = StagedDirectory.create(spec.output(), spec.replace())) {
      Path path = staged.path();
      Manifest manifest =
          write(
              spec,
              path,
              new IndexOutput(path, spec.vocabulary(), type, spec.shardTokens(), spec.fullText()),
              progress);
      staged.publish();
      return manifest;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("interrupted while reading or writing");
    }
  }

  /**
   * Adopts all inputs into the index that is there, as its next generation. Whatever is thrown, it
   * is as it was.
   *
   * @throws Refusal as {@link #run}; bad-input if the index has another vocabulary
   * @throws InterruptedException if the thread is interrupted
   */
  public static Manifest add(AdoptSpec spec, AdoptionProgress progress)
      throws IOException, InterruptedException {
    try (var staged = StagedGeneration.after(spec.output())) {
      IndexOutput output = IndexOutput.onto(staged, spec.vocabulary(), spec.shardTokens());
      Manifest manifest = write(spec, staged.path(), output, progress);
      staged.publish();
      return manifest;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("interrupted while reading or writing");
    }
  }

  private static Manifest write(
      AdoptSpec spec, Path staged, IndexOutput into, AdoptionProgress progress)
      throws IOException, InterruptedException {
    try (var output = into;
        var sidecar = spec.added().sidecar(staged);
        var queue = new AppendingQueue(output, spec.threads());
        var adoption = new Adoption(spec, staged, output, queue, progress)) {
      output.joinWith(sidecar);
      progress.begin(adoption.totalBytes());
      for (AdoptSpec.Input input : spec.inputs()) adoption.adopt(input);
      queue.drain();
      Manifest manifest = output.finish();
      if (sidecar != null) progress.joined(sidecar.counts());
      return manifest;
    }
  }

  private long totalBytes() throws IOException {
    long total = 0;
    for (AdoptSpec.Input input : spec.inputs())
      try (var copies = new PlainCopies(staged);
          FoundData data = open(input.location(), copies)) {
        for (String file : data.files()) total += data.sizeBytes(file);
      }
    return total;
  }

  private void adopt(AdoptSpec.Input input) throws IOException, InterruptedException {
    try (var copies = new PlainCopies(staged);
        FoundData data = open(input.location(), copies)) {
      List<String> lines = Formats.jsonLines(data);
      if (lines.isEmpty()) read(data, Formats.of(data), input);
      else transferLines(data, lines, input);
    }
  }

  private FoundData open(String location, PlainCopies copies) throws IOException {
    return ObjectName.isUri(location)
        ? ObjectDataSet.open(
            location, new ObjectDataSet.Scratch(objects(), staged, SCRATCH_BYTES, copies))
        : FolderDataSet.open(location, copies);
  }

  private ObjectStore objects() {
    if (objects == null) objects = new ObjectStore(spec.access());
    return objects;
  }

  @Override
  public void close() {
    if (objects != null) objects.close();
  }

  private void read(FoundData data, Format format, AdoptSpec.Input input)
      throws IOException, InterruptedException {
    try (var found =
        new FoundDocuments(
            data.name(),
            output,
            queue,
            encoder,
            spec.added().defaults(),
            locator(data),
            progress)) {
      format.read(data, input.stated(), found);
      found.finish();
    } catch (Refusal damage) {
      queue.drain(); // a mistake in a file before it is named instead
      throw damage;
    }
  }

  private void transferLines(FoundData data, List<String> names, AdoptSpec.Input input)
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
      progress.file(name);
      Path file = data.local(name);
      String location = location(data, name);
      queue.add(FoundDocuments.begun(location));
      MetadataDefaults defaults = spec.added().defaults().of(location);
      new JsonLines(List.of(file), textField, input.stated().idField(), defaults)
          .transfer(tokenizing, queue, this::read);
      readBytes = 0;
    }
  }

  private void read(long fileBytes) {
    progress.read(fileBytes - readBytes);
    readBytes = fileBytes;
  }

  private FoundDocuments.Locator locator(FoundData data) {
    return new FoundDocuments.Locator() {
      @Override
      public RecordedShard.Source locate(String file, TokenFile of) throws IOException {
        Path stored = data.local(file);
        Path plain = of.compression() == null ? stored : data.plainCopy(stored);
        return new RecordedShard.Source(location(data, file), of.compression(), stored, plain);
      }

      @Override
      public String locationOf(String file) {
        return location(data, file);
      }

      @Override
      public long sizeBytes(String file) throws IOException {
        return data.sizeBytes(file);
      }

      @Override
      public boolean keepsFiles() {
        return data instanceof FolderDataSet;
      }
    };
  }

  private String location(FoundData data, String file) {
    return switch (data) {
      case FolderDataSet folder -> location(folder.local(file));
      case ObjectDataSet objects -> objects.location(file);
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
