package dev.mixwell.shard;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable shard: a stream of tokens, and where in it each document begins. In what format its
 * file was written matters no more; every byte is compared with what was recorded when the shard
 * came into the index before it is used. Thread-safe until closed; reading after that throws {@link
 * IllegalStateException}.
 *
 * <p>A document's ordinal counts all documents of the shard from 0, empty ones too.
 */
public final class Shard implements AutoCloseable {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte COUNTS = 1;
  private static final long PART_BYTES = 16 << 20; // that are checked before a word of progress
  private static final int PART_TOKENS = 1 << 12; // that are converted at once: fits into a cache

  private final String name;
  private final TokenType type;
  private final ShardBytes bytes;
  private final DocumentTable documents;
  private final @Nullable ShardBytes mask;

  /**
   * Takes the parts over; they are closed with it, or if it cannot be made.
   *
   * @param name as the manifest and provenance have it
   * @param mask a byte a token of the file, in the stream's order: 0 if it is no label; null if all
   *     are
   * @throws Refusal shard-damaged if the parts do not fit each other
   */
  public Shard(
      String name,
      TokenType type,
      ShardBytes bytes,
      DocumentTable documents,
      @Nullable ShardBytes mask) {
    this.name = name;
    this.type = type;
    this.bytes = bytes;
    this.documents = documents;
    this.mask = mask;
    try {
      requireFitting();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void requireFitting() {
    if (documents.widthBytes() != type.sizeBytes())
      throw damaged(
          "its document table counts tokens of %d bytes".formatted(documents.widthBytes()));
    if (mask != null && mask.sizeBytes() * width() != bytes.sizeBytes())
      throw damaged(
          "its loss mask has %,d bytes for %,d bytes of tokens"
              .formatted(mask.sizeBytes(), bytes.sizeBytes()));
  }

  public String name() {
    return name;
  }

  public TokenType type() {
    return type;
  }

  public long tokenCount() {
    return documents.tokens();
  }

  public long documentCount() {
    return documents.documents();
  }

  /** Whether the first document goes on from the last one of the shard before. */
  public boolean continuesDocument() {
    return documents.tokensBefore() > 0;
  }

  /** Whether some tokens may not be labels. */
  public boolean hasMask() {
    return mask != null;
  }

  /**
   * The token at which a document begins, and the one behind the last document for {@code ordinal
   * == documentCount()}.
   */
  public long documentStart(long ordinal) {
    return documents.start(ordinal);
  }

  /** The ordinal of the document that holds a token; never that of an empty document. */
  public long documentAt(long token) {
    return documents.cursorAt(token).ordinal();
  }

  /** From the document that holds a token on. */
  public DocumentTable.Cursor documentsFrom(long token) {
    return documents.cursorAt(token);
  }

  /**
   * Compares the files' lengths with what was recorded; before reading, and cheap.
   *
   * @throws Refusal shard-damaged
   */
  public void checkLength() {
    bytes.checkLength();
    documents.checkLength();
    if (mask != null) mask.checkLength();
  }

  /**
   * Compares every block of these tokens that was never read before with its checksum.
   *
   * @throws Refusal shard-damaged, naming the block
   */
  public void verify(long startToken, long lengthTokens) {
    documents.stretches(
        startToken,
        lengthTokens,
        (at, length) -> {
          bytes.verified(at, at + length * width());
          if (mask != null) mask.verified(at / width(), at / width() + length);
        });
  }

  /** Verifies these tokens and brings them near, so that {@link #copy} will not wait. */
  public void load(long startToken, long lengthTokens) {
    documents.stretches(
        startToken,
        lengthTokens,
        (at, length) -> {
          bytes.load(at, at + length * width());
          if (mask != null) mask.load(at / width(), at / width() + length);
        });
  }

  /**
   * Begins to bring these tokens near if they lie behind a network, and does not wait. False where
   * some are not near yet.
   */
  public boolean begin(long startToken, long lengthTokens) {
    boolean[] isNear = {true};
    documents.stretches(
        startToken,
        lengthTokens,
        (at, length) -> {
          isNear[0] &= bytes.begin(at, at + length * width());
          if (mask != null) isNear[0] &= mask.begin(at / width(), at / width() + length);
        });
    return isNear[0];
  }

  /**
   * Copies tokens as little-endian numbers of a batch's type.
   *
   * @param target gets {@code lengthTokens * as.sizeBytes()} bytes from {@code offset} on
   * @param as {@link TokenType#UINT16} or {@link TokenType#INT32}; the vocabulary fits into it
   */
  public void copy(long startToken, int lengthTokens, TokenType as, byte[] target, int offset) {
    var copy = new Copy(as, target, offset);
    documents.stretches(startToken, lengthTokens, copy);
  }

  private final class Copy implements DocumentTable.StretchVisitor {
    private final TokenType as;
    private final byte[] target;
    private int at;

    Copy(TokenType as, byte[] target, int at) {
      this.as = as;
      this.target = target;
      this.at = at;
    }

    @Override
    public void stretch(long atByte, long lengthTokens) {
      int length = Math.toIntExact(lengthTokens);
      MemorySegment from = bytes.verified(atByte, atByte + lengthTokens * width());
      if (type.sameBytes(as))
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, target, at, length * as.sizeBytes());
      else convert(from, length);
      at += length * as.sizeBytes();
    }

    private void convert(MemorySegment from, int length) {
      var ids = new long[Math.min(length, PART_TOKENS)];
      for (int done = 0; done < length; done += ids.length) {
        int part = Math.min(ids.length, length - done);
        type.read(from, (long) done * width(), ids, part);
        int to = at + done * as.sizeBytes();
        if (as == TokenType.UINT16)
          for (int i = 0; i < part; i++) SHORTS.set(target, to + i * Short.BYTES, (short) ids[i]);
        else for (int i = 0; i < part; i++) INTS.set(target, to + i * Integer.BYTES, (int) ids[i]);
      }
    }
  }

  /** The ids of some tokens. */
  public int[] ids(long startToken, int lengthTokens) {
    var target = new byte[Math.multiplyExact(lengthTokens, Integer.BYTES)];
    copy(startToken, lengthTokens, TokenType.INT32, target, 0);
    var ids = new int[lengthTokens];
    for (int i = 0; i < lengthTokens; i++) ids[i] = (int) INTS.get(target, i * Integer.BYTES);
    return ids;
  }

  /** Copies a byte for each token: 0 if it is no label, 1 if it is. */
  public void copyMask(long startToken, int lengthTokens, byte[] target, int offset) {
    ShardBytes marks = mask;
    if (marks == null) Arrays.fill(target, offset, offset + lengthTokens, COUNTS);
    else documents.stretches(startToken, lengthTokens, new MaskCopy(marks, target, offset));
  }

  private final class MaskCopy implements DocumentTable.StretchVisitor {
    private final ShardBytes marks;
    private final byte[] target;
    private int at;

    MaskCopy(ShardBytes marks, byte[] target, int at) {
      this.marks = marks;
      this.target = target;
      this.at = at;
    }

    @Override
    public void stretch(long atByte, long lengthTokens) {
      int length = Math.toIntExact(lengthTokens);
      MemorySegment from = marks.verified(atByte / width(), atByte / width() + lengthTokens);
      MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, target, at, length);
      at += length;
    }
  }

  /**
   * Compares all blocks of all files with their checksums, and reads every token and every byte of
   * the mask.
   *
   * @param checked is told so many tokens more, as they are read
   * @throws Refusal shard-damaged; bad-input as {@link #checkTokens}
   */
  public void checkAll(int vocabularySize, LongConsumer checked) {
    documents.checkBlocks();
    if (mask != null) mask.verified(0, mask.sizeBytes());
    var check = new TokenCheck(vocabularySize);
    long parts = Math.ceilDiv(bytes.sizeBytes(), PART_BYTES);
    for (long part = 0; part < parts; part++) {
      long fromByte = start(bytes.sizeBytes(), part, parts);
      bytes.verified(fromByte, start(bytes.sizeBytes(), part + 1, parts));
      long from = start(documents.tokens(), part, parts);
      long to = start(documents.tokens(), part + 1, parts);
      documents.stretches(from, to - from, check);
      checked.accept(to - from);
    }
    if (mask != null) checkMask(mask);
  }

  private static long start(long whole, long part, long parts) {
    return whole / parts * part + whole % parts * part / parts;
  }

  /**
   * Reads every token, and every byte of the mask.
   *
   * @throws Refusal bad-input for the first id outside 0 to {@code vocabularySize - 1}, and for a
   *     mask with other bytes than 0 and 1
   */
  public void checkTokens(int vocabularySize) {
    var check = new TokenCheck(vocabularySize);
    documents.stretches(0, documents.tokens(), check);
    if (mask != null) checkMask(mask);
  }

  private void checkMask(ShardBytes marks) {
    MemorySegment all = marks.verified(0, marks.sizeBytes());
    for (long i = 0; i < all.byteSize(); i++) {
      byte mark = all.get(ValueLayout.JAVA_BYTE, i);
      if (mark != 0 && mark != COUNTS)
        throw new Refusal(
                ProblemType.BAD_INPUT,
                "The loss mask of the shard %s has the byte %d at token %,d; a mask is 0 or 1 a token. Name the right file."
                    .formatted(name, Byte.toUnsignedInt(mark), i))
            .with("shard", name);
    }
  }

  private final class TokenCheck implements DocumentTable.StretchVisitor {
    private final int vocabularySize;
    private final long[] ids = new long[PART_TOKENS];
    private long token;

    TokenCheck(int vocabularySize) {
      this.vocabularySize = vocabularySize;
    }

    @Override
    public void stretch(long atByte, long lengthTokens) {
      for (long done = 0; done < lengthTokens; done += PART_TOKENS) {
        int length = (int) Math.min(PART_TOKENS, lengthTokens - done);
        long from = atByte + done * width();
        type.read(bytes.verified(from, from + (long) length * width()), 0, ids, length);
        part(length);
      }
    }

    private void part(int length) {
      long signs = 0; // negative if an id is, or what lies between it and the last one
      for (int i = 0; i < length; i++) signs |= ids[i] | (vocabularySize - 1 - ids[i]);
      if (signs >= 0) {
        token += length;
        return;
      }
      for (int i = 0; i < length; i++, token++)
        if (ids[i] < 0 || ids[i] >= vocabularySize) throw outside(ids[i]);
    }

    private Refusal outside(long id) {
      return new Refusal(
              ProblemType.BAD_INPUT,
              "Token %,d of the shard %s (in document %,d) has the id %s, but the vocabulary ends at %d. Is the type %s right, and the vocabulary that of the tokenizer that made it?"
                  .formatted(
                      token,
                      name,
                      documentAt(token),
                      id < 0 && type.name().startsWith("U") ? Long.toUnsignedString(id) : "" + id,
                      vocabularySize - 1,
                      type))
          .with("shard", name);
    }
  }

  @Override
  public void close() {
    bytes.close();
    documents.close();
    if (mask != null) mask.close();
  }

  private int width() {
    return type.sizeBytes();
  }

  private Refusal damaged(String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard %s does not fit together: %s. Restore the index.".formatted(name, what))
        .with("shard", name);
  }
}
