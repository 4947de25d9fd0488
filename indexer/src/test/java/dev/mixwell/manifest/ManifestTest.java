package dev.mixwell.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.ingest.Jsonl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestTest {
  @TempDir Path directory;
  private Path index;

  @BeforeEach
  void makeIndex() {
    index = Jsonl.index(directory, "{\"text\":\"a\"}", "{\"text\":\"b\"}");
  }

  @Test
  void digestIsThatOfTheFile() throws IOException {
    assertEquals(Sha256.of(index.resolve("manifest.json")), Manifest.read(index).sha256());
    assertEquals(
        Manifest.read(index).sha256() + "  manifest.json\n",
        Files.readString(index.resolve("manifest.json.sha256")));
  }

  @Test
  void changedManifestIsRefused() throws IOException {
    Path file = index.resolve("manifest.json");
    Files.writeString(
        file, Files.readString(file).replace("\"documents\" : 2", "\"documents\" : 3"));
    assertRefused(ProblemType.INDEX_DAMAGED, "SHA-256");
  }

  @Test
  void manifestWithoutItsDigestIsRefused() throws IOException {
    Files.delete(index.resolve("manifest.json.sha256"));
    assertRefused(ProblemType.INDEX_DAMAGED, "manifest.json.sha256");
  }

  @Test
  void otherVersionIsRefused() throws IOException {
    rewrite(json -> json.replace("\"version\" : 2", "\"version\" : 3"));
    assertRefused(ProblemType.BAD_INPUT, "version 3");
  }

  @Test
  void fileOutsideTheIndexIsRefused() throws IOException {
    rewrite(json -> json.replace("shard-00000.docs", "../secret.docs"));
    assertRefused(ProblemType.INDEX_DAMAGED, "../secret.docs");
  }

  @Test
  void missingShardIsNamed() throws IOException {
    Files.delete(index.resolve("shard-00000.idx"));
    assertRefused(
        ProblemType.SHARD_DAMAGED,
        "shard-00000.idx is damaged: it cannot be read (there is no such file or folder).");
  }

  @Test
  void folderWithoutAnIndexIsNotFound() {
    var refusal = assertThrows(Refusal.class, () -> Manifest.read(directory));
    assertEquals(ProblemType.NOT_FOUND, refusal.type());
  }

  @Test
  void manifestOfTerabytesInSmallShardsIsRead() throws IOException {
    Manifest one = Manifest.read(index);
    var many =
        new Manifest(
            one.version(),
            one.tokenizer(),
            one.type(),
            one.blockBytes(),
            Collections.nCopies(40_000, one.shards().getFirst()),
            one.documents(),
            one.tokens(),
            one.textBytes(),
            one.catalogSha256(),
            one.keysSha256());
    Files.delete(index.resolve("manifest.json"));
    Files.delete(index.resolve("manifest.json.sha256"));
    many.write(index);
    assertTrue(Files.size(index.resolve("manifest.json")) > Json.MAX_DOCUMENT_BYTES);
    assertEquals(many, Manifest.read(index));
  }

  private void rewrite(UnaryOperator<String> change) throws IOException {
    Path file = index.resolve("manifest.json");
    String json = change.apply(Files.readString(file));
    Files.writeString(file, json);
    Files.writeString(
        index.resolve("manifest.json.sha256"),
        Sha256.of(json.getBytes(StandardCharsets.UTF_8)) + "  manifest.json\n");
  }

  private void assertRefused(ProblemType type, String what) {
    var refusal = assertThrows(Refusal.class, () -> Manifest.read(index));
    assertEquals(type, refusal.type(), refusal.detail());
    assertTrue(refusal.detail().contains(what), refusal.detail());
  }
}
