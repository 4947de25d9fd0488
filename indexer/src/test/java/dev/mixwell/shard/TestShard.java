package dev.mixwell.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Shards that a test made up. */
final class TestShard {
  static final int BLOCK_BYTES = 64;

  private TestShard() {}

  static void write(Path bin, int vocabularySize, List<int[]> documents) throws IOException {
    try (var writer = new ShardWriter(bin, vocabularySize)) {
      for (int[] document : documents) writer.append(document);
      writer.finish();
    }
  }

  /** As recorded now. */
  static Shard open(Path bin) throws IOException {
    Path table = ShardWriter.tablePath(bin);
    return open(bin, TokenType.UINT16, BlockChecksums.compute(table, BLOCK_BYTES));
  }

  static Shard open(Path bin, TokenType type, BlockChecksums table) throws IOException {
    var tokens = MappedFile.open(bin, BlockChecksums.compute(bin, BLOCK_BYTES));
    try {
      var documents = DocumentTable.open(ShardWriter.tablePath(bin), table);
      return new Shard(bin.getFileName().toString(), type, tokens, documents, null);
    } catch (RuntimeException e) {
      tokens.close();
      throw e;
    }
  }
}
