package dev.mixwell.manifest;

import dev.mixwell.base.Sha256;
import dev.mixwell.compress.Compression;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.DocumentTable;
import dev.mixwell.shard.MappedFile;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.ShardBytes;
import dev.mixwell.shard.ShardChecksums;
import dev.mixwell.shard.ShardWriter;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes down what a shard's files are when it comes into an index, reading each once. */
public final class RecordedShard {
  private RecordedShard() {}

  /**
   * Records a shard that a {@link ShardWriter} has finished in the index: writes {@code NAME.crc}
   * beside it.
   *
   * @param blockBytes bytes under one checksum
   */
  public static ShardEntry written(
      Path bin, TokenType type, long tokens, long documents, int blockBytes) throws IOException {
    Path table = ShardWriter.tablePath(bin);
    var source = new Source(String.valueOf(bin.getFileName()), null, bin, bin);
    var shard =
        adopted(new Adopted(table, type, tokens, documents, source, null), blockBytes, _ -> {});
    return shard.withMegatron(IndexFile.of(ShardWriter.indexPath(bin)));
  }

  /**
   * A shard whose tokens stay where they are.
   *
   * @param table its finished document table in the index
   */
  public record Adopted(
      Path table,
      TokenType type,
      long tokens,
      long documents,
      Source file,
      @Nullable Source mask) {}

  /**
   * @param location as the manifest is to have it
   * @param stored the file as it lies there
   * @param plain the same, decompressed; equal to {@code stored} where it is not compressed
   */
  public record Source(
      String location, @Nullable Compression compression, Path stored, Path plain) {}

  /**
   * Records it: writes {@code NAME.crc} beside the table, and reads every token.
   *
   * @param readBytes told how many more bytes of the file, as it lies there, were read now and then
   * @throws dev.mixwell.base.Refusal bad-input for an id outside the vocabulary, or a mask that is
   *     none
   */
  public static ShardEntry adopted(
      Adopted shard, int blockBytes, int vocabularySize, LongConsumer readBytes)
      throws IOException {
    ShardEntry entry = adopted(shard, blockBytes, readBytes);
    Source mask = shard.mask;
    var checksums =
        ShardChecksums.read(
            checksumsPath(shard.table),
            shard.file.plain,
            shard.table,
            mask == null ? null : mask.plain);
    ShardBytes tokens = MappedFile.open(shard.file.plain, checksums.tokens());
    var table = DocumentTable.open(shard.table, checksums.documents());
    ShardBytes marks =
        mask == null || checksums.mask() == null
            ? null
            : MappedFile.open(mask.plain, checksums.mask());
    try (Shard opened = new Shard(entry.name(), shard.type, tokens, table, marks)) {
      opened.checkTokens(vocabularySize);
    }
    return entry;
  }

  private static ShardEntry adopted(Adopted shard, int blockBytes, LongConsumer readBytes)
      throws IOException {
    var file = Read.of(shard.file, blockBytes, readBytes);
    var mask = shard.mask == null ? null : Read.of(shard.mask, blockBytes, _ -> {});
    Path sidecar = checksumsPath(shard.table);
    var tableBlocks = BlockChecksums.compute(shard.table, ShardChecksums.TABLE_BLOCK_BYTES);
    new ShardChecksums(file.blocks, tableBlocks, mask == null ? null : mask.blocks).write(sidecar);
    return new ShardEntry(
        file.recorded,
        null,
        shard.type,
        shard.tokens,
        shard.documents,
        mask == null ? null : mask.recorded,
        IndexFile.of(shard.table),
        IndexFile.of(sidecar),
        null);
  }

  private record Read(SourceFile recorded, BlockChecksums blocks) {
    static Read of(Source source, int blockBytes, LongConsumer readBytes) throws IOException {
      var digest = Sha256.digest();
      var blocks =
          BlockChecksums.compute(
              source.plain,
              blockBytes,
              block -> {
                if (source.compression == null) readBytes.accept(block.remaining());
                digest.update(block);
              });
      String plainSha256 = Sha256.hex(digest.digest());
      String sha256 = source.compression == null ? plainSha256 : Sha256.of(source.stored);
      long lengthBytes = Files.size(source.stored);
      if (source.compression != null) readBytes.accept(lengthBytes);
      return new Read(
          new SourceFile(source.location, source.compression, lengthBytes, sha256), blocks);
    }
  }

  /** Where the checksums of the shard with a document table {@code NAME.docs} lie. */
  public static Path checksumsPath(Path table) {
    String name = String.valueOf(table.getFileName());
    return table.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".crc");
  }
}
