package dev.mixwell.cli.index;

import dev.mixwell.adopt.AdoptSpec;
import dev.mixwell.adopt.Adoption;
import dev.mixwell.cli.Interruptible;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.format.Stated;
import dev.mixwell.ingest.IngestSpec;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.shard.TokenType;
import dev.mixwell.tokenize.Tokenizer;
import dev.mixwell.tokenize.Tokenizers;
import java.io.IOException;
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
    sortOptions = false,
    description = {
      "Makes an index of token shards that others wrote, where they lie.",
      "Megatron .bin/.idx, MosaicML MDS, llm.c, nanoGPT, OLMo and dolma .npy, NumPy, datatrove .ds, LitData, Hugging Face Arrow and Parquet; JSON lines and columns of text are tokenized. Each is recognised by its bytes and read once, wholly: its structure, digests, and every id against the vocabulary. What a format does not say is asked for by the option that says it."
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
final class AdoptCommand implements Callable<Integer>, Interruptible {
  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "Files, folders, Megatron prefixes, or s3://BUCKET/KEY; in this order.")
  private List<String> locations = List.of();

  @Mixin private OutputOptions output = new OutputOptions();

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

  @Mixin private final StoreOptions store = new StoreOptions();

  @Mixin private MetadataOptions metadata = new MetadataOptions();

  @Mixin private TextOptions text = new TextOptions();

  @Mixin private JsonOption json = new JsonOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (locations.isEmpty())
      throw wrong("Missing PATH: name files, folders or Megatron prefixes of token shards.");
    CommandSpec command = Objects.requireNonNull(spec);
    Path directory = output.directory(command.commandLine());
    if (noEndOfDocument && endOfDocument != null) throw wrong("Say --eos or --no-eos, not both.");
    Tokenizer named = tokenizer == null ? null : named(tokenizer);
    AdoptSpec adopted = spec(directory, named);
    IndexFacts facts;
    try (var meter = new AdoptionMeter(command.commandLine().getErr())) {
      Manifest manifest =
          output.isAdded() ? Adoption.add(adopted, meter) : Adoption.run(adopted, meter);
      meter.done(manifest.documents());
      facts = IndexFacts.of(directory, manifest, meter.joined());
    }
    output.print(facts, json);
    return Program.DONE;
  }

  @Override
  public String whatIsLeft() {
    return IndexCommand.NOTHING_CHANGED;
  }

  private Tokenizer named(String name) {
    return Tokenizers.named(name, Tokenizers.names().contains(name) ? null : endOfDocument);
  }

  private AdoptSpec spec(Path directory, @Nullable Tokenizer named) throws IOException {
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
    for (String location : locations) inputs.add(new AdoptSpec.Input(location, stated));
    return new AdoptSpec(
        inputs,
        directory,
        vocabulary,
        named,
        output.shardTokens(),
        output.threads(),
        output.skipsEmpty(),
        output.isReplaced(),
        store.access(),
        metadata.metadata(),
        text.fullText(output.isAdded(), Objects.requireNonNull(spec).commandLine()));
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
