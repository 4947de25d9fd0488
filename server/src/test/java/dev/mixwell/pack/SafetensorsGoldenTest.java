package dev.mixwell.pack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.opened.Dataset;
import dev.mixwell.opened.TestIndex;
import dev.mixwell.opened.TestIndex.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The body byte by byte: the safetensors package for Python (0.8.0) read these bytes to the same
 * arrays.
 */
class SafetensorsGoldenTest {
  private static final String HEADER_LENGTH = "3801000000000000";
  private static final String HEADER =
      """
      {"__metadata__":{"run":"r","attempt":"2","step":"1000","rank":"3","groups":"[\\"only\\"]","mixer":"odm",\
      "lossWeights":"[0.5]"},"tokens":{"dtype":"U16","shape":[3,4],"data_offsets":[0,24]},\
      "groups":{"dtype":"U16","shape":[3],"data_offsets":[44,50]},\
      "cu_seqlens":{"dtype":"I32","shape":[5],"data_offsets":[24,44]}}\s\s""";
  private static final String TOKENS = "0400090002010600" + "0100020003000400" + "0100020003000400";
  private static final String BOUNDARIES =
      "00000000" + "02000000" + "03000000" + "06000000" + "09000000";
  private static final String GROUPS = "000000000000";

  @TempDir Path folder;

  @Test
  void theBodyOfThreeShortRowsIsPinned() throws IOException {
    var documents =
        List.of(
            new Document(new int[] {1, 2, 3, 4, 9}, "x", List.of("a")),
            new Document(new int[] {258, 6, 7, 9}, "y", List.of("a")));
    var index = new TestIndex(folder.resolve("golden"), List.of(documents), 500).write();
    try (Dataset dataset = index.open()) {
      var groups =
          List.of(new GroupRows(new GroupResolver(dataset).resolve("only", "tag:a", 0), 0, 1, 3));
      var facts =
          new BatchFacts("r", 2, 1_000, 3, List.of("only"), "odm", null, new double[] {0.5});
      try (var packed =
          new BatchPacker(dataset, groups)
              .pack(new int[] {0, 0, 0}, new long[] {0, 1, 2}, facts, BodyFormat.SAFETENSORS)) {
        assertEquals(
            HEADER_LENGTH
                + HexFormat.of().formatHex(HEADER.getBytes(US_ASCII))
                + TOKENS
                + BOUNDARIES
                + GROUPS,
            hex(packed));
      }
    }
  }

  @Test
  void everyTensorIsAlignedForAnyShapeAndType() throws IOException {
    for (int vocabulary : new int[] {500, 100_000}) {
      var index =
          new TestIndex(
                  folder.resolve("v" + vocabulary),
                  TestIndex.random(new SplittableRandom(2), 1, 30, 500),
                  vocabulary)
              .write();
      try (Dataset dataset = index.open()) {
        for (int rowTokens = 1; rowTokens <= 9; rowTokens++) {
          var groups =
              List.of(
                  new GroupRows(
                      new GroupResolver(dataset).resolve("all", "*:*", 0), 0, 1, rowTokens));
          for (int rows = 1; rows <= 9; rows++)
            try (var packed =
                new BatchPacker(dataset, groups)
                    .pack(
                        new int[rows],
                        new long[rows],
                        new BatchFacts("r", 0, rows, 0, List.of("all"), "m", null, null),
                        BodyFormat.SAFETENSORS)) {
              SafetensorsReader.read(packed);
            }
        }
      }
    }
  }

  private static String hex(PackedBatch packed) {
    return HexFormat.of()
        .formatHex(packed.array(), packed.offset(), packed.offset() + packed.length());
  }
}
