package dev.mixwell.verify.formats;

import dev.mixwell.adopt.AdoptSpec;
import dev.mixwell.adopt.Adoption;
import dev.mixwell.adopt.AdoptionProgress;
import dev.mixwell.ingest.IngestSpec;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.objects.ObjectStore;
import dev.mixwell.tokenize.Tokenizer;
import dev.mixwell.tokenize.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Samples of all formats, copied so that they can be damaged, and adopted. */
final class AdoptedSamples {
  static final Path SAMPLES = Path.of("../../indexer/src/test/resources");

  private static final int VOCABULARY = Integer.MAX_VALUE;

  private AdoptedSamples() {}

  /** Of all cases, whether they can be served or not. */
  static long count() throws IOException {
    try (var tree = Files.walk(SAMPLES)) {
      return tree.filter(f -> f.endsWith(FormatCase.FILE)).count();
    }
  }

  /** The cases that can be served, copied into a folder. */
  static List<FormatCase> copied(Path folder) throws IOException {
    var cases = new ArrayList<FormatCase>();
    List<Path> found;
    try (var tree = Files.walk(SAMPLES)) {
      found = tree.filter(f -> f.endsWith(FormatCase.FILE)).map(Path::getParent).sorted().toList();
    }
    for (Path sample : found) {
      FormatCase original = FormatCase.read(sample);
      if (original.damage() != null || original.unserved() != null) continue;
      Path copy = folder.resolve(SAMPLES.relativize(sample).toString());
      try (var tree = Files.walk(sample)) {
        for (Path file : (Iterable<Path>) tree::iterator) {
          Path target = copy.resolve(sample.relativize(file).toString());
          if (Files.isDirectory(file)) Files.createDirectories(target);
          else Files.copy(file, target);
        }
      }
      cases.add(FormatCase.read(copy));
    }
    return cases;
  }

  /** Adopts cases, one after the other, into one index of the largest vocabulary. */
  static void adopt(List<FormatCase> cases, Path index) throws IOException, InterruptedException {
    Tokenizer bytes = Tokenizers.named("byte");
    var inputs = new ArrayList<AdoptSpec.Input>();
    for (FormatCase sample : cases) inputs.addAll(sample.inputs());
    var spec =
        new AdoptSpec(
            inputs,
            index,
            new TokenizerInfo("mixed", VOCABULARY, null),
            bytes,
            IngestSpec.DEFAULT_SHARD_TOKENS,
            1,
            false,
            false,
            ObjectStore.Access.OF_ENVIRONMENT);
    Adoption.run(spec, new AdoptionProgress() {});
  }

  /**
   * What the original readers yield, texts as the byte tokenizer's ids; rows without a document are
   * none.
   */
  static List<int[]> documents(FormatCase sample) {
    var documents = new ArrayList<int[]>();
    for (Object document : sample.documents())
      if (document instanceof int[] ids) documents.add(ids);
      else if (document != null) documents.add(ids((String) Objects.requireNonNull(document)));
    return documents;
  }

  private static int[] ids(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[utf8.length]; // the index has no end of document
    for (int i = 0; i < utf8.length; i++) ids[i] = Byte.toUnsignedInt(utf8[i]);
    return ids;
  }
}
