package dev.mixwell.store;

import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.compress.Compression;
import dev.mixwell.manifest.SourceFile;
import dev.mixwell.objects.ObjectName;
import dev.mixwell.objects.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A compressed file as it lies somewhere. Thread-safe. */
interface Stored {
  /** As the user knows it. */
  String location();

  /**
   * Cheap, for every pull.
   *
   * @throws Refusal shard-damaged
   */
  void checkLength();

  /**
   * Decompresses it.
   *
   * @throws Refusal shard-damaged, shard-unreachable
   */
  void expand(Path target, long plainBytes) throws IOException;

  /** A file here. */
  record Here(Path file, SourceFile recorded, Compression compression) implements Stored {
    @Override
    public String location() {
      return file.toString();
    }

    @Override
    public void checkLength() {
      long nowBytes;
      try {
        nowBytes = Files.size(file);
      } catch (IOException e) {
        throw damaged(location(), "cannot be read (" + IoReason.of(e) + ")");
      }
      if (nowBytes != recorded.lengthBytes())
        throw damaged(
            location(),
            "has %,d bytes, but %,d were indexed".formatted(nowBytes, recorded.lengthBytes()));
    }

    @Override
    public void expand(Path target, long plainBytes) throws IOException {
      checkLength();
      if (!Sha256.of(file).equals(recorded.sha256()))
        throw damaged(location(), "has another SHA-256 than was indexed");
      compression.expand(file, target, plainBytes);
    }
  }

  /**
   * An object. It is decompressed as it comes, so that the cache holds nothing else; whether it has
   * changed is seen then, by its length and by the checksums of what comes out of it.
   */
  record Object(ObjectName name, SourceFile recorded, Compression compression, ObjectStore objects)
      implements Stored {
    @Override
    public String location() {
      return name.toString();
    }

    @Override
    public void checkLength() {}

    @Override
    public void expand(Path target, long plainBytes) throws IOException {
      compression.expand(
          objects.open(name, recorded.lengthBytes()), location(), target, plainBytes);
    }
  }

  static Refusal damaged(String location, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard file %s %s. Restore it, or adopt it again.".formatted(location, what))
        .with("shard", location);
  }
}
