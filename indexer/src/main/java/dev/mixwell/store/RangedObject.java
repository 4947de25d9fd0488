package dev.mixwell.store;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.SourceFile;
import dev.mixwell.objects.ObjectName;
import dev.mixwell.objects.ObjectStore;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.ShardBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A shard in an object store, fetched by parts into the cache when they are first read. Every block
 * of a part is compared with its checksum before the part is there for anybody. Thread-safe.
 *
 * <p>That makes the object's ETag needless: a part of an object that was replaced is served only if
 * its bytes are those that were indexed. Bytes that lie in the cache are, too, and are served
 * whatever became of the object meanwhile.
 */
final class RangedObject implements ShardBytes {
  /**
   * A store takes some 10 to 30 ms to answer and then sends 50 to 100 MB/s: a part takes about as
   * long to come as to be found. Rows are drawn from everywhere, and larger parts would bring more
   * that is not asked for.
   */
  static final int PART_BYTES = 1 << 20;

  private static final long LENGTH_CHECK_NANOS = 30_000_000_000L;

  private final ObjectName object;
  private final SourceFile recorded;
  private final BlockChecksums checksums;
  private final ObjectStore objects;
  private final LocalCache cache;
  private final ReadAhead readAhead;
  private final int partBytes;
  private final AtomicLong lengthCheckedNanos;
  private volatile @Nullable Refusal damage;

  RangedObject(
      SourceFile recorded,
      BlockChecksums checksums,
      ObjectStore objects,
      LocalCache cache,
      ReadAhead readAhead) {
    this.object = ObjectName.of(recorded.location());
    this.recorded = recorded;
    this.checksums = checksums;
    this.objects = objects;
    this.cache = cache;
    this.readAhead = readAhead;
    this.partBytes = Math.max(1, PART_BYTES / checksums.blockBytes()) * checksums.blockBytes();
    this.lengthCheckedNanos = new AtomicLong(System.nanoTime() - LENGTH_CHECK_NANOS);
    if (checksums.lengthBytes() != recorded.lengthBytes())
      throw damaged("has %,d bytes".formatted(checksums.lengthBytes()));
  }

  @Override
  public long sizeBytes() {
    return recorded.lengthBytes();
  }

  /**
   * Asks nobody: has the store asked, at most every 30 seconds, and says what it said last. So an
   * object that is gone or has another length is refused within 30 seconds, or with the next part
   * of it that is fetched.
   */
  @Override
  public void checkLength() {
    long last = lengthCheckedNanos.get();
    long now = System.nanoTime();
    if (now - last >= LENGTH_CHECK_NANOS && lengthCheckedNanos.compareAndSet(last, now))
      readAhead.begin(object.toString(), this::askLength);
    Refusal known = damage;
    if (known != null) throw known;
  }

  private void askLength() {
    try {
      requireLength(objects.sizeBytes(object));
      damage = null;
    } catch (Refusal refusal) {
      if (refusal.type() != ProblemType.SHARD_DAMAGED) throw refusal; // and counted
      damage = refusal;
    }
  }

  private void requireLength(long nowBytes) {
    if (nowBytes != recorded.lengthBytes()) throw damaged("has %,d bytes".formatted(nowBytes));
  }

  @Override
  public MemorySegment verified(long fromByte, long toByte) {
    var bytes = ByteBuffer.allocate(Math.toIntExact(toByte - fromByte));
    for (long at = fromByte; at < toByte; ) {
      long part = at / partBytes;
      long end = Math.min(toByte, (part + 1) * partBytes);
      copy(part, at, end, bytes);
      at = end;
    }
    return MemorySegment.ofArray(bytes.array());
  }

  /** Copies bytes of one part; one that lies damaged in the cache is fetched again, once. */
  private void copy(long part, long fromByte, long toByte, ByteBuffer target) {
    int position = target.position();
    try {
      read(part, fromByte, toByte, target);
    } catch (Refusal refusal) {
      if (refusal.type() != ProblemType.SHARD_DAMAGED) throw refusal;
      cache.drop(key(part));
      read(part, fromByte, toByte, target.limit(target.capacity()).position(position));
    }
  }

  private void read(long part, long fromByte, long toByte, ByteBuffer target) {
    long start = part * partBytes;
    cache.read(
        key(part),
        partSize(part),
        file -> fetch(part, file),
        cached -> {
          int firstBlock = Math.toIntExact(start / checksums.blockBytes());
          cached.verify(checksums, firstBlock, fromByte - start, toByte - start);
          target.limit(target.position() + (int) (toByte - fromByte));
          cached.read(fromByte - start, target);
          target.limit(target.capacity());
          return target;
        });
  }

  private void fetch(long part, Path file) throws IOException {
    long start = part * partBytes;
    ObjectStore.Part got = objects.read(object, start, partSize(part), null);
    requireLength(got.objectBytes());
    requireBlocks(start, got.bytes());
    try (var out =
        Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(got.bytes());
      while (bytes.hasRemaining()) out.write(bytes);
    }
  }

  private void requireBlocks(long start, byte[] bytes) {
    int blockBytes = checksums.blockBytes();
    for (int at = 0; at < bytes.length; at += blockBytes) {
      int block = Math.toIntExact((start + at) / blockBytes);
      var slice = ByteBuffer.wrap(bytes, at, Math.min(blockBytes, bytes.length - at));
      try {
        checksums.requireBlock(block, slice);
      } catch (Refusal differs) {
        throw damaged(
                "differs from what was indexed in block %,d (from byte %,d on)"
                    .formatted(block, start + at))
            .with("block", block);
      }
    }
  }

  private int partSize(long part) {
    return (int) Math.min(partBytes, recorded.lengthBytes() - part * partBytes);
  }

  private String key(long part) {
    return recorded.sha256() + "-" + partBytes + "-" + part;
  }

  @Override
  public void load(long fromByte, long toByte) {
    begin(fromByte, toByte);
  }

  @Override
  public boolean begin(long fromByte, long toByte) {
    boolean isNear = true;
    if (toByte <= fromByte) return true;
    for (long part = fromByte / partBytes; part <= (toByte - 1) / partBytes; part++) {
      String key = key(part);
      if (cache.has(key)) continue;
      isNear = false;
      long wanted = part;
      readAhead.begin(
          key, () -> cache.read(key, partSize(wanted), file -> fetch(wanted, file), _ -> wanted));
    }
    return isNear;
  }

  private Refusal damaged(String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard %s %s; %,d bytes with the SHA-256 %s were indexed. Restore it, or adopt it again."
                .formatted(object, what, recorded.lengthBytes(), recorded.sha256()))
        .with("shard", object.toString());
  }

  /** The cache and the threads are the store's. */
  @Override
  public void close() {}
}
