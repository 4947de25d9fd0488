package dev.mixwell.manifest;

import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What belongs to an index, and the digests by which damage is found. Its own digest lies beside
 * it; a run pins that digest, so that it always reads the same tokens.
 *
 * @param type of the tokens of batches: the narrowest of the two that holds the vocabulary
 * @param blockBytes the block size of the shards' checksums
 * @param textBytes UTF-8 bytes of the documents' texts
 * @param catalogSha256 of what the catalog holds ({@code CatalogContent}): Lucene's own files
 *     differ from run to run
 * @param keysSha256 of {@code keys.json}
 */
public record Manifest(
    int version,
    TokenizerInfo tokenizer,
    TokenType type,
    int blockBytes,
    List<ShardEntry> shards,
    long documents,
    long tokens,
    long textBytes,
    String catalogSha256,
    String keysSha256) {
  public static final int VERSION = 2;
  public static final String FILE = "manifest.json";
  static final String DIGEST_FILE = FILE + ".sha256";

  public Manifest {
    shards = List.copyOf(shards);
  }

  /**
   * Reads the manifest of an index's newest generation.
   *
   * @throws Refusal not-found where there is no manifest; index-damaged, naming the file
   */
  public static Manifest read(Path root) {
    return read(Generation.newest(root));
  }

  /**
   * Reads a generation's manifest and compares the lengths of the shards' files with it.
   *
   * @throws Refusal not-found where there is no manifest; index-damaged, naming the file
   */
  public static Manifest read(Generation generation) {
    Path indexDir = generation.root();
    Path file = generation.folder().resolve(FILE);
    boolean isMissing = Files.notExists(file); // where nobody can say, reading it says why
    if (isMissing && generation.number() > 1) throw damaged(file, "it is missing");
    if (isMissing)
      throw new Refusal(
          ProblemType.NOT_FOUND,
          "There is no index in %s: it has no %s. Make one with `mixwell index INPUT --out %s`."
              .formatted(indexDir, FILE, indexDir));
    byte[] bytes = readChecked(file, generation.folder().resolve(DIGEST_FILE));
    Manifest manifest = parse(file, bytes);
    for (ShardEntry shard : manifest.shards) checkLengths(indexDir, shard);
    return manifest;
  }

  /** Writes the manifest and its digest; the caller forces the directory. */
  public void write(Path folder) throws IOException {
    ForcedFiles.write(folder.resolve(FILE), bytes());
    String digest = sha256() + "  " + FILE + "\n"; // as sha256sum -c reads it
    ForcedFiles.write(folder.resolve(DIGEST_FILE), digest.getBytes(StandardCharsets.US_ASCII));
  }

  /** The digest of the manifest's bytes: two indexes with the same one hold the same documents. */
  public String sha256() {
    return Sha256.of(bytes());
  }

  /**
   * Compares the digests of all files of shards that lie here and of {@code keys.json}, reading all
   * of them.
   *
   * @param verified shards that need not be read again
   * @throws Refusal shard-damaged or index-damaged, naming the file
   */
  public void verify(Generation generation, Set<ShardEntry> verified) {
    Path indexDir = generation.root();
    for (ShardEntry shard : shards) {
      if (verified.contains(shard)) continue;
      for (SourceFile file : shard.sources())
        if (!file.inObjectStore()) verifyShardFile(file.path(indexDir), file.sha256());
      for (IndexFile file : shard.made()) verifyShardFile(file.path(indexDir), file.sha256());
    }
    Keys.read(generation.folder(), keysSha256);
  }

  private byte[] bytes() {
    String json = Json.writePretty(this).replace(System.lineSeparator(), "\n") + "\n";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] readChecked(Path file, Path digestFile) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      String expected = Sha256.of(bytes) + "  " + FILE + "\n";
      if (!expected.equals(new String(Files.readAllBytes(digestFile), StandardCharsets.ISO_8859_1)))
        throw damaged(file, "its SHA-256 is not the one in " + DIGEST_FILE);
      return bytes;
    } catch (IOException e) {
      throw damaged(
          file, "it or its %s cannot be read (%s)".formatted(DIGEST_FILE, IoReason.of(e)));
    }
  }

  private static Manifest parse(Path file, byte[] bytes) {
    Manifest manifest;
    try {
      manifest = Json.readWritten(bytes, Manifest.class);
    } catch (Refusal e) {
      throw damaged(file, e.detail());
    }
    if (manifest.version != VERSION)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "%s has version %d; this program reads version %d. Index the source again, or adopt its shards (`mixwell index adopt --help`)."
              .formatted(file, manifest.version, VERSION));
    if (!manifest.sha256().equals(Sha256.of(bytes)))
      throw damaged(file, "it is not as this program writes it");
    return manifest;
  }

  private static void checkLengths(Path indexDir, ShardEntry shard) {
    for (SourceFile file : shard.sources())
      if (!file.inObjectStore()) checkLength(file.path(indexDir), file.lengthBytes());
    for (IndexFile file : shard.made()) checkLength(file.path(indexDir), file.lengthBytes());
  }

  private static void checkLength(Path file, long expectedBytes) {
    long foundBytes;
    try {
      foundBytes = Files.size(file);
    } catch (IOException e) {
      throw shardDamaged(file, "it cannot be read (" + IoReason.of(e) + ")");
    }
    if (foundBytes != expectedBytes)
      throw shardDamaged(
          file, "it has %,d bytes, the manifest says %,d".formatted(foundBytes, expectedBytes));
  }

  private static void verifyShardFile(Path file, String expectedSha256) {
    String found;
    try {
      found = Sha256.of(file);
    } catch (IOException e) {
      throw shardDamaged(file, "it cannot be read (" + IoReason.of(e) + ")");
    }
    if (!found.equals(expectedSha256))
      throw shardDamaged(
          file, "its SHA-256 is %s, the manifest says %s".formatted(found, expectedSha256));
  }

  private static Refusal shardDamaged(Path file, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard file %s is damaged: %s. Restore it, or index its source again."
                .formatted(file, what))
        .with("shard", file.toString());
  }

  static Refusal damaged(Path file, String what) {
    return new Refusal(
            ProblemType.INDEX_DAMAGED,
            "%s is damaged: %s. Restore it, or index its source again.".formatted(file, what))
        .with("file", file.toString());
  }
}
