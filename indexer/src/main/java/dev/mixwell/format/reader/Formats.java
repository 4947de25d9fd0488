package dev.mixwell.format.reader;

import dev.mixwell.base.Refusal;
import dev.mixwell.format.DataSet;
import dev.mixwell.format.Faults;
import dev.mixwell.format.Format;
import dev.mixwell.format.Heads;
import dev.mixwell.format.JsonIndex;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells of what format a data set is: by its bytes, and by names where they cannot. */
public final class Formats {
  private static final List<String> TEXT_ENDINGS =
      List.of(
          ".jsonl", ".jsonl.gz", ".jsonl.zst", ".json.gz", ".json.zst", ".ndjson", ".ndjson.gz");

  private Formats() {}

  /** Its files of JSON lines, which are no format of shards; none if it has files of one. */
  public static List<String> jsonLines(DataSet data) throws IOException {
    return byNames(data) != null
        ? List.of()
        : data.files().stream().filter(f -> TEXT_ENDINGS.stream().anyMatch(f::endsWith)).toList();
  }

  /**
   * @throws Refusal bad-input for what is of no known format
   */
  public static Format of(DataSet data) throws IOException {
    Format named = byNames(data);
    return named != null ? named : byHead(data);
  }

  private static @Nullable Format byNames(DataSet data) throws IOException {
    List<String> files = data.files();
    if (files.stream().anyMatch(Formats::isIndex)) return listed(data);
    if (any(files, Columnar.ARROW) || files.contains(Columnar.STATE)) return new Columnar();
    if (any(files, Columnar.PARQUET)) return new Columnar();
    if (any(files, Datatrove.TOKENS)) return new Datatrove();
    if (any(files, Megatron.IDX)) return new Megatron();
    List<String> tokens = files.stream().filter(RawTokens::isTokens).toList();
    for (String file : tokens) if (LlmC.recognises(Heads.of(data.local(file)))) return new LlmC();
    return tokens.isEmpty() ? null : new RawTokens();
  }

  /** Of a file whose name tells nothing. */
  private static Format byHead(DataSet data) throws IOException {
    for (String file : data.files()) {
      byte[] head = Heads.of(data.local(file));
      if (Columnar.recognises(head)) return new Columnar();
      if (Megatron.isIndex(head)) return new Megatron();
    }
    throw Faults.ask(
        data.name(),
        "no file of it is of a known format",
        "Name files of Megatron, MDS, llm.c, nanoGPT, OLMo, dolma, NumPy, datatrove, LitData,"
            + " Arrow, Parquet or JSON lines, or a folder of them.");
  }

  private static Format listed(DataSet data) throws IOException {
    for (String file : data.files())
      if (isIndex(file)) {
        var index = JsonIndex.read(file, data.local(file), Members.class);
        return index.chunks == null ? new Mds() : new LitData();
      }
    throw new IllegalStateException("no index.json");
  }

  /** LitData lists chunks, MDS shards. */
  private record Members(@Nullable List<Object> chunks) {}

  private static boolean isIndex(String file) {
    return file.equals(JsonIndex.FILE) || file.endsWith("/" + JsonIndex.FILE);
  }

  private static boolean any(List<String> files, String ending) {
    return files.stream().anyMatch(f -> f.endsWith(ending));
  }
}
