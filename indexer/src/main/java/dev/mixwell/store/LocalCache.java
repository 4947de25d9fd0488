package dev.mixwell.store;

import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Files that can be made again, in a folder, within a bound of bytes: what was used least recently
 * goes first. Thread-safe; one thread makes a file while others wait for it.
 *
 * <p>A file is made under a hidden name, forced and renamed, so it is there whole or not at all.
 * The folder is one process's at a time; what the one before has left whole is taken over, and what
 * it was making goes.
 */
public final class LocalCache implements AutoCloseable {
  private static final String PARTIAL = ".partial-";

  /** How often a file may go before it is read, made again each time. */
  private static final int MAX_LOST = 16;

  private final Path folder;
  private final long maxBytes;
  private final Map<String, CachedPart> parts = new LinkedHashMap<>(16, 0.75f, true); // by use
  private final Set<String> making = new HashSet<>();
  private long usedBytes; // of parts and of what is being made
  private long hits;
  private long fills;
  private long evictions;

  /** Makes a file. */
  public interface Filling {
    /**
     * @param target does not exist
     */
    void fill(Path target) throws IOException;
  }

  /** Reads a file, which is not removed meanwhile. */
  public interface Reading<T> {
    T read(CachedPart part) throws IOException;
  }

  /**
   * @param folder made if it is not there
   */
  public LocalCache(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    try {
      Files.createDirectories(folder);
      takeOver();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void takeOver() throws IOException {
    List<Path> found = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files)
        if (name(file).startsWith(PARTIAL)) Files.delete(file);
        else found.add(file);
    }
    found.sort(Comparator.comparing(LocalCache::lastUsed));
    for (Path file : found) add(name(file), CachedPart.takenOver(file));
    makeRoom(0);
  }

  private synchronized void add(String key, CachedPart part) {
    parts.put(key, part);
    usedBytes += part.sizeBytes();
  }

  /**
   * Reads a file, which is made first if it is not there. Waits where all room is taken by files
   * that are being read or made; so a reading must not read another file.
   *
   * @param sizeBytes it has
   * @throws Refusal what filling throws; storage-failed where the disk fails or the bound is lower
   *     than this file
   */
  public <T> T read(String key, long sizeBytes, Filling filling, Reading<T> reading) {
    for (int lost = 0; ; lost++)
      try {
        return readOnce(key, sizeBytes, filling, reading);
      } catch (NoSuchFileException gone) {
        if (lost == MAX_LOST) throw failed(gone);
        drop(key); // another process has cleaned up
      } catch (IOException e) {
        throw failed(e);
      }
  }

  private <T> T readOnce(String key, long sizeBytes, Filling filling, Reading<T> reading)
      throws IOException {
    CachedPart part = acquire(key, sizeBytes, filling);
    try {
      return reading.read(part);
    } finally {
      release(part);
    }
  }

  /** Whether a file is there now. */
  public synchronized boolean has(String key) {
    return parts.containsKey(key);
  }

  /** Removes a file that was found damaged. */
  public synchronized void drop(String key) {
    CachedPart part = parts.remove(key);
    if (part == null) return;
    remove(part);
    notifyAll();
  }

  /** Removes all files. */
  public synchronized void clear() {
    for (String key : List.copyOf(parts.keySet())) drop(key);
  }

  private CachedPart acquire(String key, long sizeBytes, Filling filling) throws IOException {
    synchronized (this) {
      while (true) {
        CachedPart part = parts.get(key);
        if (part != null && part.sizeBytes() == sizeBytes) {
          hits++;
          part.readers++;
          return part;
        }
        if (part != null) drop(key);
        if (sizeBytes > maxBytes) throw tooLarge(sizeBytes);
        if (!making.contains(key) && makeRoom(sizeBytes)) break;
        await(); // for the file, or for room: who waits holds none
      }
      making.add(key);
      usedBytes += sizeBytes;
    }
    return make(key, sizeBytes, filling);
  }

  private CachedPart make(String key, long sizeBytes, Filling filling) throws IOException {
    CachedPart part = null;
    try {
      part = filled(key, sizeBytes, filling);
      return part;
    } finally {
      synchronized (this) {
        making.remove(key);
        if (part == null) usedBytes -= sizeBytes;
        else {
          part.readers++;
          parts.put(key, part);
          fills++;
        }
        notifyAll();
      }
    }
  }

  private CachedPart filled(String key, long sizeBytes, Filling filling) throws IOException {
    Path partial = folder.resolve(PARTIAL + UUID.randomUUID());
    Path file = folder.resolve(key);
    try {
      filling.fill(partial);
      ForcedFiles.force(partial);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      CachedPart part = CachedPart.made(file);
      if (part.sizeBytes() != sizeBytes)
        throw new IOException("%s has %,d bytes".formatted(file, part.sizeBytes()));
      return part;
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while another thread made a file");
    }
  }

  /**
   * Lets go of what was used least recently; what is being read is passed over.
   *
   * @return whether there is room now
   */
  private synchronized boolean makeRoom(long neededBytes) {
    Iterator<CachedPart> oldest = parts.values().iterator();
    while (usedBytes + neededBytes > maxBytes && oldest.hasNext()) {
      CachedPart part = oldest.next();
      if (part.readers > 0) continue;
      oldest.remove();
      remove(part);
      evictions++;
    }
    return usedBytes + neededBytes <= maxBytes;
  }

  private Refusal tooLarge(long neededBytes) {
    return new Refusal(
            ProblemType.STORAGE_FAILED,
            "The cache %s has a bound of %,d bytes; a shard alone needs %,d. Raise `shards.cacheBytes`."
                .formatted(folder, maxBytes, neededBytes))
        .with("neededBytes", neededBytes);
  }

  private void remove(CachedPart part) {
    usedBytes -= part.sizeBytes();
    part.isRemoved = true;
    try {
      Files.deleteIfExists(part.file());
      if (part.readers == 0) part.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private synchronized void release(CachedPart part) {
    part.readers--;
    if (part.readers > 0) return;
    if (part.isRemoved) part.close();
    notifyAll(); // there may be room for another
  }

  private static FileTime lastUsed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** Bytes of all files, and of those that are being made. */
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** Reads of files that were there. */
  public synchronized long hits() {
    return hits;
  }

  /** Files that were made. */
  public synchronized long fills() {
    return fills;
  }

  /** Files that went to make room. */
  public synchronized long evictions() {
    return evictions;
  }

  private Refusal failed(IOException e) {
    return new Refusal(
        ProblemType.STORAGE_FAILED,
        "The cache %s cannot be used: %s. Check the disk and the permissions."
            .formatted(folder, IoReason.of(e)));
  }

  /** Nobody may read any more; the files stay for the next start. */
  @Override
  public synchronized void close() {
    for (CachedPart part : parts.values()) part.close();
    parts.clear();
  }
}
