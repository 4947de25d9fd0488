package dev.mixwell.cli.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.manifest.Manifest;
import dev.mixwell.shard.Samples;
import dev.mixwell.shard.Shard;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdoptCommandTest {
  @TempDir Path directory;

  /** What the manifest says stands behind documents is what stands there. */
  @Test
  void textsEndAsTheUserSays() throws IOException {
    assertEnds(256, List.of(), new int[] {'h', 'i', 256});
    assertEnds(5, List.of("--eos", "5"), new int[] {'h', 'i', 5});
    assertEnds(null, List.of("--no-eos"), new int[] {'h', 'i'});
  }

  private void assertEnds(Integer end, List<String> options, int[] expected) throws IOException {
    Path input = Files.writeString(directory.resolve("a.jsonl"), "{\"text\":\"hi\"}");
    Path output = directory.resolve("index" + end);
    assertEquals("", run(input, output, options));
    Manifest manifest = Manifest.read(output);
    assertEquals(end, manifest.tokenizer().endOfDocument());
    try (ShardStore store = ShardStore.ofPlainFiles();
        Shard shard = store.open(output, manifest.shards().getFirst())) {
      assertArrayEquals(expected, shard.ids(0, Math.toIntExact(shard.tokenCount())));
    }
  }

  @Test
  void theIndexIsTheSameForAnyNumberOfThreads() throws IOException {
    var arguments = new ArrayList<String>();
    arguments.add("adopt");
    for (String place :
        List.of(
            "megatron/two_pairs", "llmc/gpt2_shards", "mds/zstd", "arrow/int32", "parquet/codecs"))
      arguments.add(Samples.folder(place).toString());
    arguments.addAll(List.of("--vocabulary", "128256", "--eos", "50256"));
    for (String threads : List.of("1", "5")) {
      Path output = directory.resolve("threads-" + threads);
      var all = new ArrayList<>(arguments);
      all.addAll(List.of("--threads", threads, "--out", output.toString()));
      assertEquals("", run(all));
    }
    assertEquals(
        Manifest.read(directory.resolve("threads-1")).sha256(),
        Manifest.read(directory.resolve("threads-5")).sha256());
  }

  @Test
  void ofSeveralMistakesTheFirstIsNamed() throws IOException {
    Path first = Files.write(directory.resolve("first.bin"), new byte[] {1, 0, 0, 99});
    Path second = Files.write(directory.resolve("second.bin"), new byte[] {1, 0, 0});
    List<String> arguments =
        List.of(
            "adopt",
            first.toString(),
            second.toString(),
            "--out",
            directory.resolve("index").toString(),
            "--vocabulary",
            "100",
            "--dtype",
            "uint16",
            "--no-eos");
    String err = run(arguments);
    assertTrue(err.contains("first.bin") && !err.contains("second.bin"), err);
    assertTrue(err.contains("has the id 25344"), err);
  }

  @Test
  void anEndThatIsSaidAndDeniedIsAMistake() throws IOException {
    Path input = Files.writeString(directory.resolve("a.jsonl"), "{\"text\":\"hi\"}");
    String err = run(input, directory.resolve("index"), List.of("--eos", "5", "--no-eos"));
    assertTrue(err.contains("Say --eos or --no-eos, not both."), err);
    assertTrue(Files.notExists(directory.resolve("index")));
  }

  @Test
  void anEndByItsTextNeedsATokenizerFile() throws IOException {
    Path input = Files.writeString(directory.resolve("a.jsonl"), "{\"text\":\"hi\"}");
    String err = run(input, directory.resolve("index"), List.of("--eos", "</s>"));
    assertTrue(err.contains("--eos </s> is no id"), err);
  }

  /** What is said on standard error, without what is read; empty if all went well. */
  private static String run(Path input, Path output, List<String> options) {
    var arguments =
        new ArrayList<>(
            List.of("adopt", input.toString(), "--out", output.toString(), "--tokenizer", "byte"));
    arguments.addAll(options);
    return run(arguments);
  }

  private static String run(List<String> arguments) {
    var err = new StringWriter();
    int code = Indexing.run(new StringWriter(), err, arguments.toArray());
    return code == 0 ? "" : err.toString();
  }
}
