package dev.mixwell.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes a {@link DocumentTable}, document by document. Owned by one thread. Three eighths of a
 * byte a document stay in memory until {@link #finish}, which forces the file; closed without that,
 * it leaves a file that is none.
 */
public final class DocumentTableWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAX_DOCUMENT_BYTES = 20; // two numbers of 64 bits, 7 bits a byte
  private static final int FIELDS = DocumentTable.ENTRY_BYTES / Long.BYTES;

  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final int widthBytes;
  private final long tokensBefore;
  private long[] directory = new long[FIELDS * 16];
  private long documents;
  private long tokens;
  private long gaps;
  private long endByte;
  private long dataBytes;

  /**
   * Creates the file, which must not exist.
   *
   * @param widthBytes bytes of a token
   * @param tokensBefore tokens of the first document that lie in the shards before; 0 if it begins
   *     here
   */
  public DocumentTableWriter(Path path, int widthBytes, long tokensBefore) throws IOException {
    this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.widthBytes = widthBytes;
    this.tokensBefore = tokensBefore;
    buffer.put(new byte[DocumentTable.HEADER_BYTES]);
  }

  public long documents() {
    return documents;
  }

  public long tokens() {
    return tokens;
  }

  /** The byte behind the last document. */
  public long endByte() {
    return endByte;
  }

  /**
   * @param atByte its first byte in the shard's file
   */
  public void add(long atByte, long lengthTokens) throws IOException {
    if (buffer.remaining() < MAX_DOCUMENT_BYTES) drain();
    boolean liesNowhere = lengthTokens == 0 && documents > 0;
    long at = liesNowhere ? endByte : atByte;
    long gap = documents == 0 ? 0 : at - endByte;
    if (gap != 0) gaps++;
    boolean isFirst = documents % DocumentTable.BLOCK_DOCUMENTS == 0;
    if (isFirst) beginBlock(at);
    boolean writesGap = gap != 0 && !isFirst;
    number(lengthTokens << 1 | (writesGap ? 1 : 0));
    if (writesGap) number(gap << 1 ^ gap >> (Long.SIZE - 1));
    documents++;
    tokens += lengthTokens;
    endByte = at + lengthTokens * widthBytes;
  }

  /** Adds one that begins where the one before ends. */
  public void add(long lengthTokens) throws IOException {
    add(endByte, lengthTokens);
  }

  public void finish() throws IOException {
    for (int i = 0; i < blocks() * FIELDS; i++) {
      if (buffer.remaining() < Long.BYTES) drain();
      buffer.putLong(directory[i]);
    }
    drain();
    buffer.putLong(DocumentTable.MAGIC).putInt(widthBytes).putInt(0).putLong(tokensBefore);
    buffer.putLong(documents).putLong(tokens).putLong(gaps).putLong(dataBytes).flip();
    for (long at = 0; buffer.hasRemaining(); ) at += channel.write(buffer, at);
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private int blocks() {
    return Math.toIntExact(Math.ceilDiv(documents, (long) DocumentTable.BLOCK_DOCUMENTS));
  }

  private void beginBlock(long atByte) {
    int at = blocks() * FIELDS;
    if (at == directory.length) directory = Arrays.copyOf(directory, 2 * at);
    directory[at] = tokens;
    directory[at + 1] = atByte;
    directory[at + 2] = dataBytes;
  }

  private void number(long value) {
    int before = buffer.position();
    for (; (value & ~0x7FL) != 0; value >>>= 7) buffer.put((byte) (value | 0x80));
    buffer.put((byte) value);
    dataBytes += buffer.position() - before;
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) channel.write(buffer);
    buffer.clear();
  }
}
