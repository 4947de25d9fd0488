package dev.mixwell.proofs;

import dev.mixwell.ingest.Ingest;
import dev.mixwell.ingest.IngestSpec;
import dev.mixwell.tokenize.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Small indexes of random text, one token a letter. */
public final class Corpus {
  /** The groups of a corpus by tag. */
  static final String GROUPS =
      """
      "groups": [{"name": "prose", "query": "tag:prose"}, {"name": "code", "query": "tag:code"}]""";

  private Corpus() {}

  /** 20,000 tokens: enough for small rows. */
  static Path small(Path folder) throws IOException, InterruptedException {
    return write(folder, 200, 200, 100);
  }

  /**
   * @param meanLetters of a document
   */
  static Path write(Path folder, int prose, int code, int meanLetters)
      throws IOException, InterruptedException {
    var fields = new ArrayList<String>();
    for (int d = 0; d < prose + code; d++)
      fields.add("\"tag\": \"%s\"".formatted(d < prose ? "prose" : "code"));
    return ingest(folder, fields, meanLetters);
  }

  /**
   * @param fields a JSON member each, which so many documents have
   */
  public static Path write(Path folder, Collection<String> fields, int documents, int meanLetters)
      throws IOException, InterruptedException {
    var all = new ArrayList<String>();
    for (String field : fields) all.addAll(Collections.nCopies(documents, field));
    return ingest(folder, all, meanLetters);
  }

  /**
   * @param fields one of each document
   */
  private static Path ingest(Path folder, List<String> fields, int meanLetters)
      throws IOException, InterruptedException {
    var random = new SplittableRandom(11);
    var lines = new ArrayList<String>();
    for (String field : fields)
      lines.add(
          "{\"id\": \"d%d\", %s, \"text\": \"%s\"}"
              .formatted(lines.size(), field, text(random, meanLetters)));
    Path input = folder.resolve("corpus.jsonl");
    Files.write(input, lines);
    Path index = folder.resolve("index");
    Ingest.run(IngestSpec.of(List.of(input), index, Tokenizers.named("byte")), (d, b) -> {});
    return index;
  }

  private static String text(SplittableRandom random, int meanLetters) {
    int length = meanLetters / 2 + random.nextInt(meanLetters);
    var letters = new StringBuilder(length);
    for (int i = 0; i < length; i++) letters.append((char) ('a' + random.nextInt(26)));
    return letters.toString();
  }
}
