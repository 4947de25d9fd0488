package dev.mixwell.shard;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Where the documents of a shard lie: the one thing that serving needs to know of a shard's format.
 * The tokens of all documents in order are the shard's stream; in the file they lie back to back,
 * or each where the table says. Thread-safe until closed; reads its file block by block, each
 * compared with its checksum first.
 *
 * <pre>
 *  offset  size  what (little-endian)
 *  0       8     magic "MXWLDOC1"
 *  8       4     bytes of a token, w
 *  12      4     0
 *  16      8     tokens of the first document that lie in the shards before this one
 *  24      8     number of documents
 *  32      8     number of tokens
 *  40      8     documents that do not begin where the one before ends; 0: all tokens are back to back
 *  48      8     size of the data, d
 *  56      d     data: the documents, in blocks of {@value #BLOCK_DOCUMENTS}
 *  56 + d  24 b  directory, for each block:
 *                  8  first token of its first document
 *                  8  that document's first byte in the file
 *                  8  where the block begins in the data
 * </pre>
 *
 * A document is the number 2 n + g of its n tokens, and where g is 1 the number of bytes z between
 * the end of the document before and its beginning, as 2 z, or -2 z - 1 where it is negative.
 * Numbers have 7 bits a byte, low ones first, the eighth bit set if more follow. The first document
 * of a block has no gap; the directory says where it lies.
 */
public final class DocumentTable implements AutoCloseable {
  static final long MAGIC = 0x31434F444C57584DL; // "MXWLDOC1", little-endian
  static final int HEADER_BYTES = 56;
  static final int BLOCK_DOCUMENTS = 64;
  static final int ENTRY_BYTES = 24;
  static final int ENTRY_BYTE = 8;
  static final int ENTRY_DATA = 16;

  private static final int WIDTH_AT = 8;
  private static final int BEFORE_AT = 16;
  private static final int DOCUMENTS_AT = 24;
  private static final int TOKENS_AT = 32;
  private static final int GAPS_AT = 40;
  private static final int DATA_BYTES_AT = 48;
  private static final int BLOCK_LOG2 = 6;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MappedFile file;
  private final int widthBytes;
  private final long tokensBefore;
  private final long documents;
  private final long tokens;
  private final boolean backToBack;
  private final long firstByte;
  private final long directoryAt;
  private final long blocks;

  private DocumentTable(Path path, MappedFile file) {
    this.file = file;
    if (file.sizeBytes() < HEADER_BYTES) throw damaged(path, "it has no header");
    MemorySegment header = file.verified(0, HEADER_BYTES);
    if (header.get(LONG, 0) != MAGIC) throw damaged(path, "it does not begin with MXWLDOC1");
    this.widthBytes = header.get(INT, WIDTH_AT);
    this.tokensBefore = header.get(LONG, BEFORE_AT);
    this.documents = header.get(LONG, DOCUMENTS_AT);
    this.tokens = header.get(LONG, TOKENS_AT);
    this.backToBack = header.get(LONG, GAPS_AT) == 0;
    this.blocks = Math.ceilDiv(documents, (long) BLOCK_DOCUMENTS);
    this.directoryAt = HEADER_BYTES + header.get(LONG, DATA_BYTES_AT);
    if (directoryAt + blocks * ENTRY_BYTES != file.sizeBytes())
      throw damaged(path, "its length differs from what its header says");
    this.firstByte = documents == 0 ? 0 : entry(0, ENTRY_BYTE);
  }

  /**
   * @throws Refusal shard-damaged
   */
  public static DocumentTable open(Path path, BlockChecksums recorded) {
    MappedFile file = MappedFile.open(path, recorded);
    try {
      return new DocumentTable(path, file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  public long documents() {
    return documents;
  }

  public long tokens() {
    return tokens;
  }

  int widthBytes() {
    return widthBytes;
  }

  long tokensBefore() {
    return tokensBefore;
  }

  /** The first token of a document; the number of tokens for {@code ordinal == documents()}. */
  long start(long ordinal) {
    return ordinal == documents ? tokens : cursor(ordinal).start();
  }

  Cursor cursor(long ordinal) {
    if (ordinal < 0 || ordinal >= documents)
      throw new IndexOutOfBoundsException("document %d of %d".formatted(ordinal, documents));
    var cursor = new Cursor();
    cursor.enter(ordinal >> BLOCK_LOG2);
    while (cursor.ordinal < ordinal) cursor.next();
    return cursor;
  }

  /** At the document that holds a token; never an empty one. */
  Cursor cursorAt(long token) {
    if (token < 0 || token >= tokens)
      throw new IndexOutOfBoundsException("token %d of %d".formatted(token, tokens));
    long low = 0;
    long high = blocks;
    while (high - low > 1) { // the block at low begins at or before the token
      long middle = (low + high) >>> 1;
      if (entry(middle, 0) <= token) low = middle;
      else high = middle;
    }
    var cursor = new Cursor();
    cursor.enter(low);
    while (cursor.end() <= token) cursor.next();
    return cursor;
  }

  /**
   * Shows where tokens [startToken, startToken + lengthTokens) lie, in stretches as long as they
   * go.
   */
  void stretches(long startToken, long lengthTokens, StretchVisitor visitor) {
    if (lengthTokens == 0) return;
    if (backToBack) {
      visitor.stretch(firstByte + startToken * widthBytes, lengthTokens);
      return;
    }
    Cursor cursor = cursorAt(startToken);
    long atByte = cursor.atByte + (startToken - cursor.start) * widthBytes;
    long run = Math.min(lengthTokens, cursor.end() - startToken);
    for (long left = lengthTokens - run; left > 0; ) {
      cursor.next();
      long length = Math.min(left, cursor.lengthTokens);
      if (cursor.atByte != atByte + run * widthBytes && length > 0) {
        visitor.stretch(atByte, run);
        atByte = cursor.atByte;
        run = 0;
      }
      run += length;
      left -= length;
    }
    visitor.stretch(atByte, run);
  }

  interface StretchVisitor {
    void stretch(long atByte, long lengthTokens);
  }

  /** Reads everything that was never read. */
  void checkBlocks() {
    file.verified(0, file.sizeBytes());
  }

  void checkLength() {
    file.checkLength();
  }

  @Override
  public void close() {
    file.close();
  }

  private long entry(long block, int field) {
    long at = directoryAt + block * ENTRY_BYTES + field;
    return file.verified(at, at + Long.BYTES).get(LONG, 0);
  }

  private static Refusal damaged(Path path, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The document table %s is damaged: %s. Restore the index.".formatted(path, what))
        .with("shard", path.toString());
  }

  /** One document after the other. Owned by one thread. */
  public final class Cursor {
    private MemorySegment data = MemorySegment.NULL; // of one block
    private long at;
    private long ordinal;
    private long start;
    private long lengthTokens;
    private long atByte;

    private Cursor() {}

    public long ordinal() {
      return ordinal;
    }

    /** Its first token in the shard's stream. */
    public long start() {
      return start;
    }

    public long lengthTokens() {
      return lengthTokens;
    }

    /** The token behind its last one. */
    public long end() {
      return start + lengthTokens;
    }

    /** How many of its tokens lie in the shards before this one; 0 but for a first document. */
    public long tokensBefore() {
      return ordinal == 0 ? tokensBefore : 0;
    }

    /** Goes to the next document; false if there is none. */
    public boolean next() {
      if (ordinal + 1 == documents) return false;
      if ((ordinal + 1) % BLOCK_DOCUMENTS == 0) enter((ordinal + 1) >> BLOCK_LOG2);
      else {
        start += lengthTokens;
        long endByte = atByte + lengthTokens * widthBytes;
        ordinal++;
        long number = number();
        lengthTokens = number >>> 1;
        atByte = (number & 1) == 0 ? endByte : endByte + gap(number());
      }
      return true;
    }

    private void enter(long block) {
      long from = HEADER_BYTES + entry(block, ENTRY_DATA);
      long to = block + 1 == blocks ? directoryAt : HEADER_BYTES + entry(block + 1, ENTRY_DATA);
      data = file.verified(from, to);
      at = 0;
      ordinal = block << BLOCK_LOG2;
      start = entry(block, 0);
      atByte = entry(block, ENTRY_BYTE);
      lengthTokens = number() >>> 1;
    }

    private long number() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = data.get(ValueLayout.JAVA_BYTE, at++);
        value |= (b & 0x7FL) << shift;
        if (b >= 0) return value;
      }
    }

    private static long gap(long number) {
      return (number >>> 1) ^ -(number & 1);
    }
  }
}
