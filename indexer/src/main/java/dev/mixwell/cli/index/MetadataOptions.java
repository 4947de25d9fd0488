package dev.mixwell.cli.index;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.columnar.ParquetFile;
import dev.mixwell.lines.MetadataColumns;
import dev.mixwell.lines.MetadataLines;
import dev.mixwell.sidecar.MetadataRows;
import dev.mixwell.sidecar.Sidecar;
import dev.mixwell.writing.AddedMetadata;
import dev.mixwell.writing.MetadataDefaults;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Metadata from elsewhere than the documents. */
final class MetadataOptions {
  private static final String DEFAULT_ID_FIELD = "id";

  @Option(
      names = "--metadata",
      paramLabel = "FILE",
      description =
          "JSON lines (.gz, .zst) or Parquet with more metadata by document id; for a key that the document has too, this file's value counts. Can be repeated.")
  private List<Path> files = List.of();

  @Option(
      names = "--metadata-id-field",
      paramLabel = "NAME",
      defaultValue = DEFAULT_ID_FIELD,
      description =
          "The field or column of --metadata with the document's id (default: ${DEFAULT-VALUE}).")
  private String idField = DEFAULT_ID_FIELD;

  @Option(
      names = "--set",
      paramLabel = "[GLOB:]KEY=VALUE",
      description =
          "A value for documents that have none of that key; with a GLOB only for those of files whose path, or its end from some folder on, fits: * and ? are wild. The first that fits counts. A JSON number is a number.")
  private List<String> settings = List.of();

  /**
   * @throws Refusal bad-input for a file that is not there, or a setting that is none
   */
  AddedMetadata metadata() throws IOException {
    var rows = new ArrayList<MetadataRows>();
    for (Path file : files) rows.add(rows(file));
    var values = new ArrayList<MetadataDefaults.Value>();
    for (String setting : settings) values.add(value(setting));
    return new AddedMetadata(rows, new MetadataDefaults(values));
  }

  static void print(PrintWriter out, Sidecar.@Nullable Counts counts) {
    if (counts == null) return;
    out.printf(
        Locale.ROOT,
        "metadata: %,d rows, %,d of them for no document; %,d of %,d documents without a row%n",
        counts.rows(),
        counts.rowsWithoutDocument(),
        counts.documentsWithoutRow(),
        counts.documents());
  }

  private MetadataRows rows(Path file) throws IOException {
    if (!Files.isRegularFile(file))
      throw refused("%s: there is no such file. Check the path of --metadata.".formatted(file));
    return ParquetFile.isOne(file)
        ? new MetadataColumns(file, idField)
        : new MetadataLines(file, idField);
  }

  private static MetadataDefaults.Value value(String setting) {
    int equals = setting.indexOf('=');
    if (equals < 0)
      throw refused("--set %s has no \"=\". Say --set [GLOB:]KEY=VALUE.".formatted(setting));
    String name = setting.substring(0, equals);
    int colon = name.lastIndexOf(':');
    Glob paths = Glob.below(colon < 0 ? "*" : name.substring(0, colon));
    String key = name.substring(colon + 1);
    return new MetadataDefaults.Value(paths, key, TagValue.of(key, setting.substring(equals + 1)));
  }

  private static Refusal refused(String what) {
    return new Refusal(ProblemType.BAD_INPUT, what);
  }
}
