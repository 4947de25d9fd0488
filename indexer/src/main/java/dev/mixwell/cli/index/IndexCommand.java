package dev.mixwell.cli.index;

import dev.mixwell.cli.Interruptible;
import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.ingest.Ingest;
import dev.mixwell.ingest.IngestSpec;
import dev.mixwell.lines.Inputs;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.tokenize.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixwell index}: JSON lines in, token shards and a catalog out. */
@Command(
    name = "index",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {
      AdoptCommand.class,
      StatsCommand.class,
      VerifyCommand.class,
      RemoveCommand.class,
      TagCommand.class,
      ShardsCommand.class,
      GenerationsCommand.class
    },
    description = {
      "Makes an index of text: tokens in shards, and a catalog of metadata.",
      "Tokenizes JSON lines into Megatron shards.",
      "A line is an object with a text, perhaps an id; everything else in it is metadata."
    },
    footer = {
      "",
      "Examples:",
      "  mixwell index pile/*.jsonl.zst --out pile-index --tokenizer cl100k_base",
      "  mixwell index corpus/ --out index --text-field content --threads 8",
      "  mixwell index corpus/ --out index --tokenizer llama/tokenizer.json --eos '<|end_of_text|>'",
      "  mixwell index corpus/ --out index --text --text-language-key meta.language",
      "  mixwell index books/*.jsonl --out index --metadata scores.jsonl.zst --set 'books/*:source=books'",
      "  mixwell index adopt megatron/web_text_document --out index --tokenizer r50k_base",
      "  mixwell index more.jsonl --out index --add",
      "  mixwell index stats index --key source",
      "  mixwell index verify index"
    })
public final class IndexCommand implements Callable<Integer>, Interruptible {
  /** True of all that makes or changes an index, for it appears when it is whole. */
  static final String NOTHING_CHANGED = "Nothing was changed.";

  @Parameters(
      paramLabel = "INPUT",
      arity = "0..*",
      description = "JSONL files, plain, .gz or .zst, or folders of them; in this order.")
  private List<Path> inputs = List.of();

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--tokenizer",
      paramLabel = "NAME",
      defaultValue = "byte",
      description =
          "byte, r50k_base, cl100k_base, o200k_base, or the path of a Hugging Face tokenizer.json (default: ${DEFAULT-VALUE}).")
  private String tokenizer = "byte";

  @Option(
      names = "--eos",
      paramLabel = "TOKEN",
      description =
          "The token behind each document, by its id or its text, where a tokenizer.json has several that it may be.")
  private @Nullable String endOfDocument;

  @Option(
      names = "--text-field",
      paramLabel = "NAME",
      defaultValue = IngestSpec.DEFAULT_TEXT_FIELD,
      description = "The field with the text (default: ${DEFAULT-VALUE}).")
  private String textField = IngestSpec.DEFAULT_TEXT_FIELD;

  @Option(
      names = "--id-field",
      paramLabel = "NAME",
      defaultValue = IngestSpec.DEFAULT_ID_FIELD,
      description = "The field with the document's id, if any (default: ${DEFAULT-VALUE}).")
  private String idField = IngestSpec.DEFAULT_ID_FIELD;

  @Mixin private TextOptions text = new TextOptions();

  @Mixin private MetadataOptions metadata = new MetadataOptions();

  @Mixin private JsonOption json = new JsonOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec command = Objects.requireNonNull(spec);
    if (inputs.isEmpty())
      throw new ParameterException(
          command.commandLine(), "Missing INPUT: name JSONL files or folders of them.");
    Path directory = output.directory(command.commandLine());
    output.print(run(directory, ingestSpec(directory)), json);
    return Program.DONE;
  }

  @Override
  public String whatIsLeft() {
    return NOTHING_CHANGED;
  }

  private IngestSpec ingestSpec(Path directory) throws IOException {
    return new IngestSpec(
        Inputs.expand(inputs),
        directory,
        Tokenizers.named(tokenizer, endOfDocument),
        textField,
        idField,
        output.shardTokens(),
        output.threads(),
        output.skipsEmpty(),
        output.isReplaced(),
        text.fullText(output.isAdded(), Objects.requireNonNull(spec).commandLine()),
        metadata.metadata());
  }

  private IndexFacts run(Path directory, IngestSpec ingest)
      throws IOException, InterruptedException {
    long totalBytes = 0;
    for (Path input : ingest.inputs()) totalBytes += Files.size(input);
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    try (var meter = new IngestMeter(totalBytes, command.getErr())) {
      Manifest manifest = output.isAdded() ? Ingest.add(ingest, meter) : Ingest.run(ingest, meter);
      meter.done(manifest.documents());
      MetadataOptions.print(json.remarks(), meter.joined());
      return IndexFacts.of(directory, manifest, meter.joined());
    }
  }
}
