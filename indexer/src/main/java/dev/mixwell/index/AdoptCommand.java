package dev.mixwell.index;

import dev.mixwell.adopt.AdoptSpec;
import dev.mixwell.adopt.Adoption;
import dev.mixwell.catalog.Manifest;
import dev.mixwell.catalog.TokenizerInfo;
import dev.mixwell.format.Stated;
import dev.mixwell.ingest.IngestSpec;
import dev.mixwell.shard.TokenType;
import dev.mixwell.tokenize.Tokenizer;
import dev.mixwell.tokenize.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixwell index adopt}: token shards that others wrote, in place. */
@Command(
    name = "adopt",
    mixinStandardHelpOptions = true,
    version = IndexMain.VERSION,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Makes an index of token shards that others wrote, where they lie: Megatron .bin/.idx,",
      "MosaicML MDS, llm.c, nanoGPT, OLMo and dolma .npy, NumPy, datatrove .ds, LitData, Hugging",
      "Face Arrow and Parquet; JSON lines and columns of text are tokenized. Each is recognised by",
      "its bytes and read once, wholly: structure, digests, and every id against the vocabulary.",
      "What a format does not say is asked for by the option that says it."
    },
    footer = {
      "",
      "Examples:",
      "  mixwell index adopt megatron/web_text_document --out index --tokenizer r50k_base",
      "  mixwell index adopt openwebtext/train.bin --out index --tokenizer r50k_base --dtype uint16",
      "  mixwell index adopt dolma/part-*.npy --out index --vocabulary 100278 --dtype uint32 --eos 100257",
      "  mixwell index adopt mds/ --split train --out index --vocabulary 50304 --column tokens",
      "  mixwell index adopt s3://bucket/mds --out index --vocabulary 50304 --column tokens",
      "  mixwell index adopt more/*.ds --out index --add --tokenizer r50k_base",
      "  mixwell index adopt s3://bucket/llmc --out index --tokenizer r50k_base",
      "  mixwell index adopt fineweb/*.parquet --out index --tokenizer cl100k_base --column text"
    })
final class AdoptCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "Files, folders, Megatron prefixes, or s3://BUCKET/KEY; in this order.")
  private List<String> places = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The directory to make; it appears when it is whole.")
  private @Nullable Path out;

  @Option(
      names = "--tokenizer",
      paramLabel = "NAME",
      description =
          "The one that made the ids, for its vocabulary and end of document; and for texts, the one to use. A name, or the path of a Hugging Face tokenizer.json.")
  private @Nullable String tokenizer;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description = "Ids are 0 to N - 1; every one is compared with it.")
  private @Nullable Integer vocabularySize;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "Type of the tokens where the format does not say it: uint16, int32, ...")
  private @Nullable TokenType type;

  @Option(
      names = "--eos",
      paramLabel = "TOKEN",
      description = "The id behind each document; of a tokenizer.json its text, too.")
  private @Nullable String endOfDocument;

  @Option(
      names = "--no-eos",
      description = "No id stands behind documents, whatever the tokenizer has.")
  private boolean noEndOfDocument;

  @Option(names = "--bos", paramLabel = "ID", description = "The id in front of each document.")
  private @Nullable Integer beginOfDocument;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      description = "The column or JSON field with the tokens or the text.")
  private @Nullable String column;

  @Option(
      names = "--id-field",
      paramLabel = "NAME",
      defaultValue = IngestSpec.DEFAULT_ID_FIELD,
      description =
          "The column or field with the document's id, if any (default: ${DEFAULT-VALUE}).")
  private String idField = IngestSpec.DEFAULT_ID_FIELD;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "The part to take of a data set that has several: train, val, ...")
  private @Nullable String split;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "The loss mask beside the tokens, a byte a token (OLMo's label mask).")
  private @Nullable String mask;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that check shards and tokenize texts.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--shard-tokens",
      paramLabel = "N",
      description = "Tokens after which a new shard begins, of those that are written here.")
  private long shardTokens = IngestSpec.DEFAULT_SHARD_TOKENS;

  @Mixin private final StoreOptions store = new StoreOptions();

  @Option(names = "--skip-empty", description = "Leave out documents with an empty text.")
  private boolean skipEmpty;

  @Mixin private MetadataOptions metadata = new MetadataOptions();

  @Mixin private TextOptions text = new TextOptions();

  @Option(names = "--add", description = "Add to the index that is there, as its next generation.")
  private boolean add;

  @Option(names = "--force", description = "Replace an index that is there.")
  private boolean force;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (places.isEmpty())
      throw wrong("Missing PATH: name files, folders or Megatron prefixes of token shards.");
    Path output = out;
    if (output == null) throw wrong("Missing --out DIR: name the directory to make.");
    if (add && force) throw wrong("Say --add or --force, not both.");
    if (noEndOfDocument && endOfDocument != null) throw wrong("Say --eos or --no-eos, not both.");
    Tokenizer named = tokenizer == null ? null : named(tokenizer);
    AdoptSpec adopted = spec(output, named);
    Manifest manifest;
    try (var _ = new InterruptAtShutdown(Thread.currentThread());
        var meter = new AdoptionMeter(Objects.requireNonNull(spec).commandLine().getErr())) {
      manifest = add ? Adoption.add(adopted, meter) : Adoption.run(adopted, meter);
      meter.done();
    }
    if (add) {
      GenerationLine.print(spec, output, manifest);
      return 0;
    }
    PrintWriter line = spec.commandLine().getOut();
    line.printf(
        "%s: %,d documents, %,d tokens, shards: %d; manifest %s%n",
        output,
        manifest.documents(),
        manifest.tokens(),
        manifest.shards().size(),
        manifest.sha256());
    CatalogLine.print(line, output, manifest);
    return 0;
  }

  private Tokenizer named(String name) {
    return Tokenizers.named(name, Tokenizers.names().contains(name) ? null : endOfDocument);
  }

  private AdoptSpec spec(Path output, @Nullable Tokenizer named) throws IOException {
    TokenizerInfo vocabulary = vocabulary(named);
    var stated =
        new Stated(
            type,
            vocabulary.endOfDocument(),
            noEndOfDocument,
            beginOfDocument,
            column,
            idField,
            split,
            mask);
    var inputs = new ArrayList<AdoptSpec.Input>();
    for (String place : places) inputs.add(new AdoptSpec.Input(place, stated));
    return new AdoptSpec(
        inputs,
        output,
        vocabulary,
        named,
        shardTokens,
        threads,
        skipEmpty,
        force,
        store.access(),
        metadata.metadata(),
        text.fullText(add, Objects.requireNonNull(spec).commandLine()));
  }

  private TokenizerInfo vocabulary(@Nullable Tokenizer named) {
    Integer size = vocabularySize;
    if (size == null && named == null)
      throw wrong(
          "Missing --vocabulary N or --tokenizer NAME: no file says how many ids there are, and every id is compared with it.");
    int ids = size != null ? size : Objects.requireNonNull(named).vocabularySize();
    Integer end = noEndOfDocument ? null : end(named);
    if (ids < 1) throw wrong("A vocabulary has at least 1 id, not " + ids + ".");
    if (end != null && (end < 0 || end >= ids))
      throw wrong(
          "The end of document %d is outside the vocabulary of %,d ids.".formatted(end, ids));
    return new TokenizerInfo(named == null ? "stated" : named.name(), ids, end);
  }

  private @Nullable Integer end(@Nullable Tokenizer named) {
    String token = endOfDocument;
    if (token == null) return named == null ? null : named.endOfDocument();
    if (token.matches("-?[0-9]{1,9}")) return Integer.valueOf(token);
    if (named == null || Tokenizers.names().contains(named.name()))
      throw wrong(
          "--eos %s is no id, which it has to be without a tokenizer.json.".formatted(token));
    return named.endOfDocument();
  }

  private ParameterException wrong(String what) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), what);
  }
}
