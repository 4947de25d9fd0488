package dev.mixwell.shard;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes a shard: {@code NAME.bin} and {@code NAME.idx}, a Megatron pair with a sequence for each
 * document, and {@code NAME.docs}, its {@link DocumentTable}. Owned by one thread. Tokens go to
 * disk as they come; four bytes a document stay in memory until {@link #finish}, which writes the
 * two other files and forces all. Closed without that, it leaves a {@code .bin} alone.
 */
public final class ShardWriter implements AutoCloseable {
  private static final String BIN = ".bin";
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path path;
  private final TokenType type;
  private final int vocabularySize;
  private final FileChannel bin;
  private final ByteBuffer buffer = littleEndianBuffer();
  private int[] lengths = new int[1024];
  private int documents;
  private long tokens;

  /** Creates {@code NAME.bin}, which must not exist. */
  public ShardWriter(Path path, int vocabularySize) throws IOException {
    this.path = path;
    this.type = TokenType.forVocabulary(vocabularySize);
    this.vocabularySize = vocabularySize;
    this.bin = create(path);
  }

  public TokenType type() {
    return type;
  }

  public long tokenCount() {
    return tokens;
  }

  public int documentCount() {
    return documents;
  }

  /**
   * Appends a document; an empty one too.
   *
   * @throws Refusal bad-input for an id outside the vocabulary; nothing is appended then
   */
  public void append(int[] document) throws IOException {
    for (int id : document) if (id < 0 || id >= vocabularySize) throw outside(id);
    for (int id : document) put(id);
    if (documents == lengths.length) lengths = Arrays.copyOf(lengths, 2 * documents);
    lengths[documents++] = document.length;
    tokens += document.length;
  }

  /** Writes {@code NAME.idx} and {@code NAME.docs} and forces all files to disk. */
  public void finish() throws IOException {
    drain(bin, buffer);
    bin.force(true);
    try (FileChannel idx = create(indexPath(path))) {
      writeIndex(idx);
      idx.force(true);
    }
    try (var table = new DocumentTableWriter(tablePath(path), type.sizeBytes(), 0)) {
      for (int i = 0; i < documents; i++) table.add(lengths[i]);
      table.finish();
    }
  }

  /** Where the {@code .idx} of a {@code NAME.bin} lies. */
  public static Path indexPath(Path bin) {
    return sibling(bin, ".idx");
  }

  /** Where the document table of a {@code NAME.bin} lies. */
  public static Path tablePath(Path bin) {
    return sibling(bin, ".docs");
  }

  private static Path sibling(Path bin, String ending) {
    String name = bin.getFileName().toString();
    if (!name.endsWith(BIN))
      throw new Refusal(
          ProblemType.BAD_INPUT, "A shard's file is named NAME.bin; %s is not.".formatted(bin));
    return bin.resolveSibling(name.substring(0, name.length() - BIN.length()) + ending);
  }

  @Override
  public void close() throws IOException {
    bin.close();
  }

  private void put(int id) throws IOException {
    if (buffer.remaining() < type.sizeBytes()) drain(bin, buffer);
    if (type == TokenType.UINT16) buffer.putShort((short) id);
    else buffer.putInt(id);
  }

  private void writeIndex(FileChannel idx) throws IOException {
    int code = type == TokenType.UINT16 ? MegatronLayout.CODE_UINT16 : MegatronLayout.CODE_INT32;
    buffer.put(MegatronLayout.magic()).putLong(MegatronLayout.VERSION).put((byte) code);
    buffer.putLong(documents).putLong(documents + 1L);
    for (int i = 0; i < documents; i++) room(idx).putInt(lengths[i]);
    long offsetBytes = 0;
    for (int i = 0; i < documents; i++) {
      room(idx).putLong(offsetBytes);
      offsetBytes += (long) lengths[i] * type.sizeBytes();
    }
    for (int i = 0; i <= documents; i++) room(idx).putLong(i);
    drain(idx, buffer);
  }

  private ByteBuffer room(FileChannel channel) throws IOException {
    if (buffer.remaining() < Long.BYTES) drain(channel, buffer);
    return buffer;
  }

  private Refusal outside(int id) {
    return new Refusal(
        ProblemType.BAD_INPUT,
        "Document %,d of the shard %s has the token id %d, but the vocabulary ends at %d. Take the tokenizer that made the ids."
            .formatted(documents, path, id, vocabularySize - 1));
  }

  private static FileChannel create(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static ByteBuffer littleEndianBuffer() {
    return ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) channel.write(buffer);
    buffer.clear();
  }
}
