package dev.mixwell.cli.index;

import dev.mixwell.cli.InterruptAtShutdown;
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
    version = IndexMain.VERSION,
    sortOptions = false,
    usageHelpAutoWidth = true,
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
      "Tokenizes JSON lines into Megatron shards with a catalog of their metadata.",
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
public final class IndexCommand implements Callable<Integer> {
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

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec command = Objects.requireNonNull(spec);
    if (inputs.isEmpty())
      throw new ParameterException(
          command.commandLine(), "Missing INPUT: name JSONL files or folders of them.");
    Manifest manifest = run(ingestSpec(output.directory(command.commandLine())));
    output.print(command, manifest);
    return 0;
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

  private Manifest run(IngestSpec ingest) throws IOException, InterruptedException {
    long totalBytes = 0;
    for (Path input : ingest.inputs()) totalBytes += Files.size(input);
    try (var _ = new InterruptAtShutdown(Thread.currentThread());
        var meter = new ProgressMeter(totalBytes)) {
      Manifest manifest = output.isAdded() ? Ingest.add(ingest, meter) : Ingest.run(ingest, meter);
      MetadataOptions.print(Objects.requireNonNull(spec).commandLine().getOut(), meter.joined());
      return manifest;
    }
  }
}
