package dev.mixwell.verify.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.ProvenanceAnswer;
import dev.mixwell.cli.Program;
import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.opened.Dataset;
import dev.mixwell.pack.BatchFacts;
import dev.mixwell.pack.BatchPacker;
import dev.mixwell.pack.BodyFormat;
import dev.mixwell.pack.PackedBatch;
import dev.mixwell.proof.Proof;
import dev.mixwell.shard.Shard;
import dev.mixwell.store.ShardStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the formats' own writers, adopted and served. */
class FormatsTest {
  private static final int ROW_TOKENS = 37;
  private static final long CACHE_BYTES = 1 << 20;

  @TempDir Path folder;

  @Test
  void everySampleIsServedAsItsOwnReaderHasItOrRefused() throws Exception {
    var out = new StringWriter();
    int code = verify(out, new StringWriter(), AdoptedSamples.SAMPLES.toString());
    var failed = out.toString().lines().filter(line -> !line.startsWith("ok ")).toList();
    assertEquals(List.of(AdoptedSamples.count() + " passed, 0 failed"), failed);
    assertEquals(0, code);
  }

  @Test
  void anotherDocumentInASampleIsNoticed() throws Exception {
    Path sample = folder.resolve("changed");
    Files.createDirectories(sample);
    Path original = AdoptedSamples.SAMPLES.resolve("nanogpt/uint16");
    Files.copy(original.resolve("expected.json"), sample.resolve("expected.json"));
    byte[] tokens = Files.readAllBytes(original.resolve("train.bin"));
    tokens[0] ^= 1;
    Files.write(sample.resolve("train.bin"), tokens);
    var out = new StringWriter();
    int code = verify(out, new StringWriter(), folder.toString());
    assertEquals(1, code, out.toString());
    assertTrue(out.toString().contains("the first difference at 0"), out.toString());
  }

  /** One run of all formats: every row's pieces are followed back to what the writers wrote. */
  @Test
  void provenanceNamesTheFileAndTheDocumentOfEveryRowInAMixtureOfAllFormats() throws Exception {
    List<FormatCase> cases = AdoptedSamples.copied(folder.resolve("data"));
    AdoptedSamples.adopt(cases, folder.resolve("index"));
    try (var store = ShardStore.caching(folder.resolve("cache"), CACHE_BYTES);
        Dataset dataset = Dataset.open(folder.resolve("index"), store);
        var proof = new Proof("mixed-formats-provenance", 10_000, 10_000)) {
      Map<String, int[]> written = written(dataset, cases);
      var group = new GroupResolver(dataset).resolve("all", "*:*", 0);
      var rows = new GroupRows(group, 0, 5, ROW_TOKENS);
      var packer = new BatchPacker(dataset, List.of(rows));
      var facts = new BatchFacts("run", 0, 0, 0, List.of("all"), "static", null, null);
      int perStep = 50;
      for (int step = 0; step < Math.ceilDiv(proof.cases(), perStep); step++) {
        long[] positions = new long[perStep];
        for (int i = 0; i < perStep; i++) positions[i] = (long) step * perStep + i;
        int[] places = new int[perStep];
        List<ProvenanceAnswer.Row> traced = packer.provenance(places, positions);
        try (PackedBatch body = packer.pack(places, positions, facts, BodyFormat.OCTET_STREAM)) {
          var tokens =
              ByteBuffer.wrap(body.array(), body.offset(), body.length())
                  .order(ByteOrder.LITTLE_ENDIAN);
          for (ProvenanceAnswer.Row row : traced)
            proof.check("row " + row.ordinal(), () -> follow(row, tokens, written));
        }
      }
    }
  }

  private static void follow(
      ProvenanceAnswer.Row row, ByteBuffer tokens, Map<String, int[]> written) {
    int end = tokens.position() + (ROW_TOKENS + 1) * Integer.BYTES;
    for (ProvenanceAnswer.Piece piece : row.pieces()) {
      int[] document = written.get(piece.shard() + "#" + piece.document());
      assertTrue(document != null, piece + " was never written");
      for (int i = 0; i < piece.lengthTokens(); i++)
        assertEquals(
            document[(int) piece.documentOffsetTokens() + i], tokens.getInt(), piece::toString);
    }
    assertEquals(end, tokens.position());
  }

  /** Documents as their writers wrote them, by the file they lie in and their id. */
  private static Map<String, int[]> written(Dataset dataset, List<FormatCase> cases) {
    var all = new ArrayList<int[]>();
    for (FormatCase sample : cases) all.addAll(AdoptedSamples.documents(sample));
    var written = new HashMap<String, int[]>();
    int next = 0;
    for (int s = 0; s < dataset.shards().size(); s++) {
      Shard shard = dataset.shards().get(s);
      for (long d = 0; d < shard.documentCount(); d++) {
        boolean goesOn = d == 0 && shard.continuesDocument();
        int[] document = all.get(goesOn ? next - 1 : next++);
        written.put(shard.name() + "#" + dataset.catalog().documentId(s, d), document);
      }
    }
    if (next != all.size()) throw new IllegalStateException(next + " of " + all.size());
    return written;
  }

  @Test
  void aFolderWithWhichNothingCanBeDoneIsAMistake() {
    var err = new StringWriter();
    int code = verify(new StringWriter(), err, folder.toString());
    assertEquals(2, code);
    assertTrue(
        err.toString().contains("expected.json"), Arrays.toString(err.toString().split("\n")));
  }

  private static int verify(StringWriter out, StringWriter err, String folder) {
    return new Program(new VerifyFormatsCommand())
        .writing(new PrintWriter(out), new PrintWriter(err))
        .run("verify-formats", folder);
  }
}
