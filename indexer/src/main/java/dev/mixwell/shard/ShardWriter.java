package dev.mixwell.shard;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes one Megatron pair, a sequence for each document. Owned by one thread. Tokens go to disk as
 * they come; four bytes a document stay in memory until {@link #finish}, which writes the index and
 * forces both files. Closed without that, it leaves a {@code .bin} that has no index.
 */
public final class ShardWriter implements AutoCloseable {
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

  /** Writes {@code NAME.idx} and forces both files to disk. */
  public void finish() throws IOException {
    drain(bin, buffer);
    bin.force(true);
    try (FileChannel idx = create(Shard.indexPath(path))) {
      writeIndex(idx);
      idx.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    bin.close();
  }

  private void put(int id) throws IOException {
    if (buffer.remaining() < type.sizeBytes()) drain(bin, buffer);
    switch (type) {
      case UINT16 -> buffer.putShort((short) id);
      case INT32 -> buffer.putInt(id);
    }
  }

  private void writeIndex(FileChannel idx) throws IOException {
    buffer.put(MegatronIndex.MAGIC).putLong(MegatronIndex.VERSION).put(MegatronIndex.code(type));
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
