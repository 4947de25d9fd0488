package dev.mixwell.serving;

import dev.mixwell.api.RunName;
import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.SqliteTimelineStore;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directory where a server keeps its runs, owned by one process at a time. Thread-safe.
 *
 * <pre>
 * owner.lock              locked by the owner, which writes its process, host and start into it
 * runs/NAME/timeline.db   a run's timeline; what else belongs to the run lies beside it
 * cache/                  what can be made again; may be deleted while there is no owner
 * shards/                 likewise: shards as they are read, of those that are compressed
 * </pre>
 *
 * A run exists once its timeline has an entry; a folder without one is what a crash left of a
 * creation.
 */
public final class DataDirectory implements AutoCloseable {
  private static final String LOCK = "owner.lock";
  private static final String RUNS = "runs";
  private static final String TIMELINE = "timeline.db";
  private static final int MAX_OWNER_BYTES = 4_096;

  /**
   * Directories that this process owns. Static because the lock is the process's: closing any
   * second channel on the lock file, even one that was refused the lock, would release it (see
   * {@link FileLock}).
   */
  private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel lock;

  private DataDirectory(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * @param since when it took the directory, ISO-8601
   */
  private record Owner(long pid, String host, String since) {
    static Owner self() {
      return new Owner(ProcessHandle.current().pid(), hostName(), Instant.now().toString());
    }
  }

  /**
   * Takes the directory, creating it if it is missing, until it is closed or the process ends in
   * whatever way.
   *
   * @throws Refusal {@code data-directory-in-use}, naming the owner; {@code storage-failed}
   */
  public static DataDirectory open(Path directory) {
    try {
      ForcedFiles.createDirectories(directory.resolve(RUNS));
      Path real = directory.toRealPath();
      if (!OWNED.add(real)) throw inUse(real, "this process, " + ProcessHandle.current().pid());
      try {
        return new DataDirectory(real, lock(real));
      } catch (IOException | RuntimeException e) {
        OWNED.remove(real);
        throw e;
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) throw inUse(directory, ownerIn(channel));
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(Json.writeBytes(Owner.self())), 0);
      channel.force(true);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String ownerIn(FileChannel channel) throws IOException {
    byte[] written = Channels.newInputStream(channel).readNBytes(MAX_OWNER_BYTES);
    try {
      Owner owner = Json.read(written, Owner.class);
      return "process %d on host %s, since %s".formatted(owner.pid, owner.host, owner.since);
    } catch (Refusal e) {
      return "a process that has not written its name yet";
    }
  }

  private static Refusal inUse(Path directory, String owner) {
    return new Refusal(
            ProblemType.DATA_DIRECTORY_IN_USE,
            "The data directory %s belongs to %s. Stop that server, or give this one a directory of its own."
                .formatted(directory, owner))
        .with("directory", directory.toString())
        .with("owner", owner);
  }

  private static Refusal failed(Path directory, IOException e) {
    return new Refusal(
            ProblemType.STORAGE_FAILED,
            "The data directory %s cannot be used: %s.".formatted(directory, IoReason.of(e)))
        .with("directory", directory.toString());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /**
   * Where a run's files are, or would be.
   *
   * @throws Refusal {@code invalid-run} if the name cannot be a folder's
   */
  public Path runDirectory(String run) {
    return runDirectory(directory, run);
  }

  /** The same in a data directory that another process may own. */
  public static Path runDirectory(Path directory, String run) {
    if (!RunName.isValid(run))
      throw new Refusal(
          ProblemType.INVALID_RUN, "A run cannot be named `" + run + "`: " + RunName.RULE + ".");
    return directory.resolve(RUNS).resolve(run);
  }

  /** Where to keep what can be made again; perhaps not there yet. */
  public Path cache() {
    return directory.resolve("cache");
  }

  /** Where to keep shards that were decompressed; perhaps not there yet. */
  public Path shards() {
    return directory.resolve("shards");
  }

  /** The database of a run's timeline. */
  public Path timeline(String run) {
    return timelineIn(runDirectory(run));
  }

  /** The database of the timeline of the run whose folder this is. */
  public static Path timelineIn(Path runDirectory) {
    return runDirectory.resolve(TIMELINE);
  }

  /**
   * Makes the empty folder for a run that is to be created, without what an interrupted creation
   * left there.
   *
   * @throws IllegalStateException if the run exists
   */
  public Path prepare(String run) {
    Path folder = runDirectory(run);
    if (exists(run)) throw new IllegalStateException("run " + run + " exists in " + folder);
    try {
      ForcedFiles.deleteTree(folder);
      ForcedFiles.createDirectories(folder);
      return folder;
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  /**
   * Whether a run was created, damaged or not. Opens its timeline: not to be asked of one that is
   * open.
   */
  public boolean exists(String run) {
    return SqliteTimelineStore.isStarted(timeline(run));
  }

  /** The runs that were created, damaged ones too, by name. */
  public List<String> runs() {
    try (var folders = Files.list(directory.resolve(RUNS))) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> RunName.isValid(name) && exists(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw failed(directory, e);
    } finally {
      OWNED.remove(directory);
    }
  }
}
