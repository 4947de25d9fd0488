package dev.mixwell.adopt;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.format.Sink;
import dev.mixwell.format.TokenFile;
import dev.mixwell.lines.Place;
import dev.mixwell.lines.SourceDocument;
import dev.mixwell.manifest.RecordedShard;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.writing.AppendingQueue;
import dev.mixwell.writing.DocumentEncoder;
import dev.mixwell.writing.EncodedDocument;
import dev.mixwell.writing.IndexOutput;
import dev.mixwell.writing.MetadataDefaults;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what a reader finds in one data set into the index. Owned by one thread. */
final class FoundDocuments implements Sink, AutoCloseable {
  /** Where files lie, and how the manifest calls them. */
  interface Locator {
    RecordedShard.Source locate(String file, TokenFile of) throws IOException;

    /** How the manifest calls a file. */
    String locationOf(String file);

    /** Of a file as it lies there. */
    long sizeBytes(String file) throws IOException;

    /** Whether files stay where they are located, and so can be read later. */
    boolean keepsFiles();
  }

  private static final int BATCH_CHARS = 1 << 19;
  private static final int BATCH_TOKENS = 1 << 17;

  private final String dataSet;
  private final int vocabularySize;
  private final IndexOutput output;
  private final AppendingQueue queue;
  private final @Nullable DocumentEncoder encoder;
  private final MetadataDefaults defaults;
  private final Locator locator;
  private final AdoptionProgress progress;
  private @Nullable AdoptedFile open;
  private @Nullable AdoptedFile before;
  private List<Row> texts = new ArrayList<>();
  private int textChars;
  private List<EncodedDocument> decoded = new ArrayList<>();
  private long decodedTokens;
  private long originBytes; // of a file whose documents are decoded
  private long rows;
  private String location = ""; // of the file that is read, as the manifest calls it

  private record Row(SourceDocument document, long number) {}

  FoundDocuments(
      String dataSet,
      IndexOutput output,
      AppendingQueue queue,
      @Nullable DocumentEncoder encoder,
      MetadataDefaults defaults,
      Locator locator,
      AdoptionProgress progress) {
    this.dataSet = dataSet;
    this.vocabularySize = output.tokenizer().vocabularySize();
    this.output = output;
    this.queue = queue;
    this.encoder = encoder;
    this.defaults = defaults;
    this.locator = locator;
    this.progress = progress;
  }

  @Override
  public void file(TokenFile file) throws IOException {
    finish();
    var tokens = Located.of(locator.locate(file.file(), file));
    String mask = file.mask();
    var located =
        mask == null
            ? null
            : Located.of(locator.locate(mask, new TokenFile(mask, null, file.type(), null, false)));
    if (located != null && located.plainBytes() * file.type().sizeBytes() != tokens.plainBytes())
      throw new Refusal(
              ProblemType.SHARD_DAMAGED,
              "The loss mask %s has %,d bytes; %s needs one byte for each of its %,d tokens."
                  .formatted(
                      located.location(),
                      located.plainBytes(),
                      tokens.location(),
                      tokens.plainBytes() / file.type().sizeBytes()))
          .with("shard", located.location());
    location = tokens.location();
    open = new AdoptedFile(file, tokens, located, output, file.isContinued() ? last() : null);
    progress.file(file.file());
  }

  @Override
  public void documentAt(long atByte, long lengthTokens, @Nullable String id, Metadata metadata)
      throws IOException {
    if (open == null) throw new IllegalStateException("a document before its file");
    open.add(atByte, lengthTokens, id, defaults.complete(location, metadata));
  }

  @Override
  public void origin(String file) throws IOException {
    finish();
    location = locator.locationOf(file);
    append(begun(location));
    originBytes = locator.sizeBytes(file);
    progress.file(file);
  }

  /** What follows comes from this location. */
  static AppendingQueue.Part begun(String location) {
    return output -> output.beginOrigin(location);
  }

  private AdoptedFile.@Nullable LastDocument last() throws IOException {
    uninterrupted(queue::drain); // it is known once that file was recorded
    return before == null ? null : before.last();
  }

  @Override
  public void document(int[] tokens, @Nullable String id, Metadata metadata) throws IOException {
    rows++;
    for (int token : tokens)
      if (token < 0 || token >= vocabularySize)
        throw new Place(Path.of(dataSet), 0)
            .refused(
                "document %,d has the id %d, but the vocabulary ends at %d"
                    .formatted(rows - 1, token, vocabularySize - 1),
                "Is the vocabulary that of the tokenizer that made it?");
    decoded.add(new EncodedDocument(tokens, 0, id, defaults.complete(location, metadata), null));
    decodedTokens += tokens.length + 1; // an empty document takes room, too
    if (decodedTokens >= BATCH_TOKENS) submitDecoded();
  }

  private void submitDecoded() throws IOException {
    if (decoded.isEmpty()) return;
    append(AppendingQueue.Part.of(decoded));
    decoded = new ArrayList<>();
    decodedTokens = 0;
  }

  private void append(AppendingQueue.Part made) throws IOException {
    uninterrupted(() -> queue.add(made));
  }

  @Override
  public void text(String text, @Nullable String id, Metadata metadata) throws IOException {
    if (encoder == null)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "%s holds texts; name the tokenizer that is to make tokens of them with --tokenizer."
              .formatted(dataSet));
    texts.add(new Row(new SourceDocument(text, id, defaults.complete(location, metadata)), ++rows));
    textChars += text.length();
    if (textChars >= BATCH_CHARS) submit();
  }

  private void submit() throws IOException {
    if (texts.isEmpty()) return;
    List<Row> batch = texts;
    DocumentEncoder tokenizing = encoder;
    texts = new ArrayList<>();
    textChars = 0;
    uninterrupted(() -> queue.add(() -> AppendingQueue.Part.of(encode(batch, tokenizing))));
  }

  private List<EncodedDocument> encode(List<Row> batch, @Nullable DocumentEncoder tokenizing) {
    var documents = new ArrayList<EncodedDocument>(batch.size());
    for (Row row : batch) {
      if (tokenizing == null) continue; // text() has refused it
      var document = tokenizing.encode(row.document, new Place(Path.of(dataSet), row.number));
      if (document != null) documents.add(document);
    }
    return documents;
  }

  @Override
  public void absent() {
    progress.absent(dataSet);
  }

  @Override
  public void warn(String what) {
    progress.warn(what);
  }

  /** Completes the file that was begun; its documents have their turn in the index. */
  void finish() throws IOException {
    submit();
    submitDecoded();
    progress.read(originBytes);
    originBytes = 0;
    AdoptedFile file = open;
    if (file == null) return;
    open = null;
    before = file;
    if (locator.keepsFiles() && file.isPlain())
      uninterrupted(() -> queue.add(() -> file.recorded(progress::read)));
    else append(file.recorded(progress::read));
  }

  private interface Waiting {
    void run() throws IOException, InterruptedException;
  }

  /** Readers know of no interruption; it ends them like any failure. */
  private static void uninterrupted(Waiting work) throws IOException {
    try {
      work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  @Override
  public void close() throws IOException {
    if (open != null) open.close();
  }
}
