package dev.mixwell.shard;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * An immutable Megatron pair, mapped into memory: the tokens of all documents back to back, and
 * where each document begins. Thread-safe until closed; reading after that throws {@link
 * IllegalStateException}.
 *
 * <p>A document's ordinal counts all documents of the shard from 0, empty ones too.
 */
public final class Shard implements AutoCloseable {
  private static final String BIN = ".bin";
  private static final String IDX = ".idx";
  private static final long FIRST_STEP = 8;

  private final Path path;
  private final Arena arena;
  private final MappedFile bin;
  private final MappedFile idx;
  private final MegatronIndex index;

  private Shard(Path path, Arena arena, MappedFile bin, MappedFile idx, MegatronIndex index) {
    this.path = path;
    this.arena = arena;
    this.bin = bin;
    this.idx = idx;
    this.index = index;
  }

  /**
   * Maps {@code NAME.bin} and the {@code NAME.idx} beside it, after checking that all lengths,
   * offsets and counts agree: the time goes with the documents.
   *
   * @throws Refusal shard-damaged where they do not, bad-input for a layout that is not served
   */
  public static Shard open(Path bin) {
    return open(bin, MegatronIndex::scanned);
  }

  /**
   * Maps a pair that was checked when it was indexed: compares the header with what was recorded
   * then, and leaves the rest to the checksums, block by block when it is first read. Then {@link
   * #documentStart} and {@link #documentAt} refuse a damaged block as shard-damaged.
   *
   * @param index checksums of the {@code .idx}
   * @throws Refusal shard-damaged or bad-input
   */
  public static Shard openIndexed(Path bin, long documents, long tokens, BlockChecksums index) {
    var recorded = new MegatronIndex.Recorded(documents, tokens, index);
    return open(bin, (path, idx, binBytes) -> MegatronIndex.guarded(path, idx, binBytes, recorded));
  }

  private interface IndexOpening {
    MegatronIndex open(Path path, MemorySegment bytes, long binBytes);
  }

  private static Shard open(Path bin, IndexOpening opening) {
    Path idx = indexPath(bin);
    Arena arena = Arena.ofShared();
    MappedFile tokens = null;
    MappedFile index = null;
    try {
      tokens = MappedFile.open(bin, arena);
      index = MappedFile.open(idx, arena);
      var checked = opening.open(idx, index.bytes(), tokens.bytes().byteSize());
      return new Shard(bin, arena, tokens, index, checked);
    } catch (RuntimeException e) {
      arena.close();
      if (tokens != null) tokens.close();
      if (index != null) index.close();
      throw e;
    }
  }

  /**
   * Where the index of a {@code NAME.bin} lies.
   *
   * @throws Refusal bad-input for another name
   */
  public static Path indexPath(Path bin) {
    String name = bin.getFileName().toString();
    if (!name.endsWith(BIN))
      throw new Refusal(
          ProblemType.BAD_INPUT, "A shard's file is named NAME.bin; %s is not.".formatted(bin));
    return bin.resolveSibling(name.substring(0, name.length() - BIN.length()) + IDX);
  }

  public Path path() {
    return path;
  }

  public TokenType type() {
    return index.type();
  }

  public long tokenCount() {
    return index.tokens();
  }

  public long documentCount() {
    return index.documents();
  }

  /**
   * The token at which a document begins, and the one behind the last document for {@code ordinal
   * == documentCount()}.
   */
  public long documentStart(long ordinal) {
    if (ordinal < 0 || ordinal > index.documents())
      throw new IndexOutOfBoundsException(
          "document %d of %d in %s".formatted(ordinal, index.documents(), path));
    return index.documentStart(ordinal);
  }

  /** The ordinal of the document that holds a token; never that of an empty document. */
  public long documentAt(long token) {
    if (token < 0 || token >= index.tokens())
      throw new IndexOutOfBoundsException(
          "token %d of %d in %s".formatted(token, index.tokens(), path));
    // The documents' mean length says about where; then in growing steps, so that a search stays
    // within a few pages.
    long high = (long) ((double) token / index.tokens() * index.documents());
    long step = FIRST_STEP;
    while (high < index.documents() && index.documentStart(high) <= token) {
      high = Math.min(index.documents(), high + step);
      step *= 2;
    }
    step = FIRST_STEP;
    long low = high - 1;
    while (low > 0 && index.documentStart(low) > token) {
      low = Math.max(0, low - step);
      step *= 2;
    }
    while (high - low > 1) { // start(low) <= token < start(high)
      long middle = (low + high) >>> 1;
      if (index.documentStart(middle) <= token) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The mapped {@code .bin}: {@code tokenCount() * type().sizeBytes()} bytes, little-endian. */
  public MemorySegment tokens() {
    return bin.bytes();
  }

  /**
   * Compares the files' lengths with what was mapped. Reading a mapped page behind the end of a
   * file that was cut is an error of the machine, not an exception, so this comes before reading.
   *
   * @throws Refusal shard-damaged
   */
  public void checkLength() {
    bin.checkLength();
    idx.checkLength();
  }

  /**
   * Compares all blocks of both files with their checksums.
   *
   * @throws Refusal shard-damaged
   */
  public void checkBlocks(ShardChecksums checksums) {
    checksums.tokens().verify(bin.bytes(), 0, bin.bytes().byteSize());
    if (checksums.index() != null) checksums.index().verify(idx.bytes(), 0, idx.bytes().byteSize());
  }

  /**
   * Reads every token.
   *
   * @throws Refusal shard-damaged for the first id outside 0 to {@code vocabularySize - 1}
   */
  public void checkTokens(int vocabularySize) {
    long count = index.tokens();
    for (long i = 0; i < count; i++) {
      int id = index.type().get(bin.bytes(), i);
      if (id < 0 || id >= vocabularySize)
        throw new Refusal(
                ProblemType.SHARD_DAMAGED,
                "Token %,d of the shard %s (in document %,d) has the id %d, but the vocabulary ends at %d. Index it again with the right tokenizer."
                    .formatted(i, path, documentAt(i), id, vocabularySize - 1))
            .with("shard", path.toString());
    }
  }

  @Override
  public void close() {
    arena.close();
    bin.close();
    idx.close();
  }
}
