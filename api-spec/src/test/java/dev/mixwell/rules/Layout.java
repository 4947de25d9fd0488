package dev.mixwell.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The drawing of ARCHITECTURE.md as a table: every package, and the packages it uses. Tests compare
 * it with the compiled classes; a row that allows more than is used is red, too.
 */
final class Layout {
  /** Where this table is, for messages. */
  static final String FILE = "api-spec/src/test/java/dev/mixwell/rules/Layout.java";

  /** Files in a package, {@code package-info.java} not counted. */
  static final int MAX_FILES = 20;

  /** Packages with more files, and why. */
  static final Map<String, String> LARGE =
      Map.of(
          "package api", "one record a JSON body",
          "tests of run", "the simulation, its audit and its twin read one run from inside");

  /**
   * From below to above: a package uses only what stands in rows over its own, so that there is no
   * cycle. Left of the arrow a package below {@code dev.mixwell}, right of it all that it uses. A
   * double arrow: what is in there decides bytes, and {@link ArithmeticScan} reads it.
   */
  private static final String PACKAGES =
      """
      module api-spec
        base            =>
        api             => base

      module indexer
        metadata        =>
        shard           => base
        compress        => base
        objects         -> base
        tokenize        => base
        columnar        => base compress metadata
        sidecar         => base metadata
        manifest        => base compress metadata shard
        query           =>
        catalog         => base manifest metadata query shard
        store           -> base compress manifest objects shard
        opened          => base catalog manifest shard store
        format          => base compress metadata shard
        format.reader   => base columnar compress format metadata shard
        lines           => base columnar compress metadata sidecar
        writing         => base catalog lines manifest metadata shard sidecar tokenize
        ingest          => base lines manifest metadata shard sidecar tokenize writing
        adopt           => base catalog compress format format.reader ingest lines manifest metadata objects shard sidecar tokenize writing
        cli             -> base
        cli.index       -> adopt base catalog cli columnar format ingest lines manifest metadata objects shard sidecar store tokenize writing

      module server
        mixer           => api base
        mixer.rules     => api base mixer
        mixer.ado       => api base mixer
        mixer.aioli     => api base mixer mixer.rules
        sampler         => api base mixer
        timeline        => api base
        fold            => api base mixer sampler timeline
        answer          => api fold mixer sampler timeline
        command         => answer api base fold mixer sampler timeline
        run             => answer api base command fold mixer sampler timeline
        preview         => answer api base command fold mixer run sampler timeline
        group           => base catalog opened shard
        pack            => api base catalog group manifest opened shard
        serving         -> api base fold group manifest mixer opened pack run timeline
        config          -> base
        metrics         -> api base
        http.exchange   -> api base
        http.routes     -> api base catalog config fold http.exchange manifest metadata metrics opened pack preview run serving
        http            -> api base config http.exchange http.routes metrics
        verify          -> base cli fold mixer serving timeline
        cli.groups      -> base catalog cli group manifest metadata opened query shard store tokenize
        server          -> base cli cli.groups cli.index config http http.routes manifest metrics objects opened serving store timeline verify

      module trainer-client/client
        client          -> api base

      module trainer-client/trainer
        trainer.model   -> api client
        trainer         -> api base client trainer.model

      module trainer-client/lab
        chart           ->
        launch          -> cli
        simulate        -> api base chart cli command fold mixer run sampler timeline
        cli.train       -> api base cli client trainer trainer.model
        verify.mixers   -> api base cli mixer mixer.ado mixer.aioli mixer.rules
        verify.formats  -> adopt base catalog cli format ingest manifest objects opened shard store tokenize
        demo            -> api base chart cli client launch trainer
        experiment.record -> api base config demo trainer
        experiment.report -> chart experiment.record trainer
        experiment      -> api base cli client demo experiment.record experiment.report launch trainer trainer.model
        lab             -> cli cli.groups cli.index cli.train demo experiment server simulate verify verify.formats verify.mixers
      """;

  /**
   * Left of the arrow what the library's packages begin with, right of it all packages that use it.
   * The longest beginning counts. Annotations stand at the records and commands that they describe,
   * wherever those are: so Jackson's have a row of their own, and picocli's row is long.
   */
  private static final String LIBRARIES =
      """
      ai.djl                         -> tokenize trainer trainer.model
      ai.djl.huggingface             -> tokenize
      com.fasterxml.jackson          -> base config experiment.record format format.reader lines tokenize verify.formats verify.mixers
      com.fasterxml.jackson.annotation      -> api base experiment.record format.reader timeline
      com.fasterxml.jackson.dataformat.csv  -> format.reader
      com.fasterxml.jackson.dataformat.yaml -> config
      com.github.luben.zstd          -> compress
      com.google.flatbuffers         -> columnar
      com.knuddels.jtokkit           -> tokenize
      io.helidon                     -> http http.exchange http.routes
      io.micrometer                  -> metrics
      io.netty                       -> pack
      io.prometheus                  -> metrics
      java.sql                       -> sidecar timeline
      me.tongfei.progressbar         -> cli
      net.jpountz.lz4                -> columnar
      net.jpountz.xxhash             -> format
      org.apache.arrow               -> columnar
      org.apache.commons.compress    -> compress
      org.apache.lucene              -> catalog query
      org.apache.parquet             -> columnar
      org.brotli                     -> columnar
      org.sqlite                     -> sidecar timeline
      org.xerial.snappy              -> columnar
      picocli                        -> cli cli.groups cli.index cli.train demo experiment lab server simulate verify verify.formats verify.mixers
      shaded.parquet                 -> columnar
      software.amazon.awssdk         -> objects
      """;

  /** What every package may use, and this table does not name. */
  static final String EVERYWHERE =
      "(java\\.(io|lang|math|net|nio|security|text|time|util)|javax|jdk|sun|com\\.sun|org\\.jspecify|org\\.slf4j)\\..*";

  private final Map<String, List<String>> packagesOfModules = new LinkedHashMap<>();
  private final Map<String, Set<String>> uses = new LinkedHashMap<>();
  private final Set<String> decidesBytes = new TreeSet<>();
  private final Map<String, Set<String>> libraries = new LinkedHashMap<>();

  private Layout(String packages, String libraries) {
    var rows = new ArrayList<String>();
    for (String line : packages.strip().lines().map(String::strip).toList()) {
      if (line.startsWith("module ")) {
        rows = new ArrayList<>();
        packagesOfModules.put(line.substring("module ".length()), rows);
      } else if (!line.isEmpty()) {
        rows.add(left(line));
        if (line.contains("=>")) decidesBytes.add(left(line));
        if (uses.put(left(line), right(line)) != null)
          throw new IllegalArgumentException(FILE + ": two rows of " + left(line));
      }
    }
    libraries.strip().lines().forEach(line -> this.libraries.put(left(line), right(line)));
  }

  /** The project's own. */
  static Layout ours() {
    return new Layout(PACKAGES, LIBRARIES);
  }

  /** A table for tests of the rules. */
  static Layout of(String packages, String libraries) {
    return new Layout(packages, libraries);
  }

  Set<String> modules() {
    return packagesOfModules.keySet();
  }

  /** The packages of a module, from below to above. */
  List<String> packagesOf(String module) {
    return packagesOfModules.getOrDefault(module, List.of());
  }

  /** All packages, from below to above. */
  List<String> packages() {
    return List.copyOf(uses.keySet());
  }

  /** What a package uses of ours; empty for one without a row. */
  Set<String> usesOf(String ours) {
    return uses.getOrDefault(ours, Set.of());
  }

  /** Whether what is in the package decides bytes, and so computes the same everywhere. */
  boolean decidesBytes(String ours) {
    return decidesBytes.contains(ours);
  }

  Set<String> libraries() {
    return libraries.keySet();
  }

  /** The packages of ours that use a library. */
  Set<String> usersOf(String library) {
    return libraries.getOrDefault(library, Set.of());
  }

  /** The row of the library whose class this is; null if there is none. */
  @Nullable String libraryOf(String className) {
    String found = null;
    for (String library : libraries.keySet())
      if (className.startsWith(library + ".")
          && (found == null || library.length() > found.length())) found = library;
    return found;
  }

  private static String left(String row) {
    return row.substring(0, row.indexOf('>') - 1).strip();
  }

  private static Set<String> right(String row) {
    String names = row.substring(row.indexOf('>') + 1).strip();
    return names.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(names.split("\\s+")));
  }
}
