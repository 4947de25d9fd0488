package dev.mixwell.cli.groups;

import dev.mixwell.cli.JsonOption;
import dev.mixwell.cli.Program;
import dev.mixwell.opened.Dataset;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** {@code mixwell groups try}: what queries would give a run. */
@Command(
    name = "try",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows what queries select: documents, tokens, rows, how often a planned run would use them up,",
      "a sample of the documents, and what the queries share."
    },
    footer = {
      "",
      "Examples:",
      "  mixwell groups try 'source:wiki AND quality:[0.7 TO *]' --index index",
      "  mixwell groups try 'lang:de' 'created:[2019-01-01 TO 2020-06-30]' --index index --sample 3",
      "  mixwell groups try --group web=source:cc --group 'ml=text:\"neural network\"' \\",
      "      --index index --tokens 300B --row-tokens 4096 --json"
    })
final class TryCommand implements Callable<Integer> {
  private static final int MAX_GROUPS = 1_024;
  private static final int MAX_SAMPLE = 1_000;
  private static final long MAX_CACHE_BYTES = 16L << 30;

  @Parameters(paramLabel = "QUERY", arity = "0..*", description = "Called q1, q2, ... in turn.")
  private List<String> queries = List.of();

  @Option(names = "--group", paramLabel = "NAME=QUERY", description = "A query with a name.")
  private List<String> named = List.of();

  @Option(names = "--index", paramLabel = "DIR", required = true, description = "The index.")
  private Path index = Path.of("");

  @Option(
      names = "--tokens",
      paramLabel = "N",
      converter = TokenCount.class,
      description = "Tokens that a run would serve, such as 300M, 1.5B or 2T; says epochs.")
  private @Nullable Long budgetTokens;

  @Option(
      names = "--row-tokens",
      paramLabel = "T",
      description = "Inputs of a row (default: ${DEFAULT-VALUE}).")
  private int rowTokens = 2_048;

  @Option(
      names = "--sample",
      paramLabel = "K",
      description = "Documents shown of each query (default: ${DEFAULT-VALUE}).")
  private int sample = 0;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another one, another sample (default: ${DEFAULT-VALUE}).")
  private long seed = 0;

  @Mixin private JsonOption json = new JsonOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    CommandSpec command = Objects.requireNonNull(spec);
    Map<String, String> groups = groups();
    if (rowTokens < 1) throw wrong("--row-tokens is %d; use 1 or more.".formatted(rowTokens));
    if (sample < 0 || sample > MAX_SAMPLE)
      throw wrong("--sample is %,d; use 0 to %,d.".formatted(sample, MAX_SAMPLE));
    TrialReport report = run(groups, command.commandLine().getErr());
    json.print(report, out -> new TrialText(out, report).print());
    return Program.DONE;
  }

  private TrialReport run(Map<String, String> groups, PrintWriter err) throws IOException {
    var wanted = new Trial.Wanted(rowTokens, budgetTokens, sample, seed);
    Path scratch = Files.createTempDirectory("mixwell-groups-");
    try (ShardStore store = ShardStore.caching(scratch, MAX_CACHE_BYTES);
        Dataset dataset = Dataset.open(index, store)) {
      return new Trial(dataset, wanted, step -> say(err, step)).run(groups);
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  private static void say(PrintWriter err, String step) {
    err.println(step + " ...");
    err.flush();
  }

  private Map<String, String> groups() {
    var groups = new LinkedHashMap<String, String>();
    for (String query : queries) groups.put("q" + (groups.size() + 1), query);
    for (String group : named) {
      int equals = group.indexOf('=');
      if (equals < 1) throw wrong("--group " + group + " has no name; say --group NAME=QUERY.");
      String name = group.substring(0, equals);
      if (groups.put(name, group.substring(equals + 1)) != null)
        throw wrong("The name " + name + " is given twice.");
    }
    if (groups.isEmpty()) throw wrong("Missing QUERY: name one, or say --group NAME=QUERY.");
    if (groups.size() > MAX_GROUPS)
      throw wrong("There are %,d queries, more than %,d.".formatted(groups.size(), MAX_GROUPS));
    return groups;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), what);
  }
}
