package dev.mixwell.store;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.SourceFile;
import dev.mixwell.objects.ObjectName;
import dev.mixwell.objects.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A compressed file as it lies somewhere. Thread-safe. */
interface Stored {
  /** Takes a whole file. */
  interface Use {
    void take(Path file) throws IOException;
  }

  /** As the user knows it. */
  String place();

  /**
   * Cheap, for every pull.
   *
   * @throws Refusal shard-damaged
   */
  void checkLength();

  /** Has it here while it is used. */
  void use(Use use) throws IOException;

  /** A file here. */
  record Here(Path file, SourceFile recorded) implements Stored {
    @Override
    public String place() {
      return file.toString();
    }

    @Override
    public void checkLength() {
      long nowBytes;
      try {
        nowBytes = Files.size(file);
      } catch (IOException e) {
        throw damaged(place(), "cannot be read (" + e.getMessage() + ")");
      }
      if (nowBytes != recorded.lengthBytes())
        throw damaged(
            place(),
            "has %,d bytes, but %,d were indexed".formatted(nowBytes, recorded.lengthBytes()));
    }

    @Override
    public void use(Use use) throws IOException {
      checkLength();
      use.take(file);
    }
  }

  /** An object; it comes whole into the cache. Whether it has changed is seen when it does. */
  record Object(ObjectName name, SourceFile recorded, ObjectStore objects, LocalCache cache)
      implements Stored {
    @Override
    public String place() {
      return name.toString();
    }

    @Override
    public void checkLength() {}

    @Override
    public void use(Use use) throws IOException {
      String key = recorded.sha256() + "-stored";
      cache.read(
          key,
          recorded.lengthBytes(),
          target -> objects.download(name, recorded.lengthBytes(), target),
          part -> {
            use.take(part.file());
            return part;
          });
      cache.drop(key); // only what comes out of it is read again
    }
  }

  static Refusal damaged(String place, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard file %s %s. Restore it, or adopt it again.".formatted(place, what))
        .with("shard", place);
  }
}
