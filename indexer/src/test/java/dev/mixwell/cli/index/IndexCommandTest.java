package dev.mixwell.cli.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.catalog.Catalog;
import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.shard.Samples;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexCommandTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path input;
  private Path index;

  @BeforeEach
  void writeInput() throws IOException {
    input =
        Files.write(
            directory.resolve("in.jsonl"),
            List.of(
                "{\"text\":\"hello\",\"group\":\"code\"}",
                "{\"text\":\"wide €\",\"group\":\"web\"}",
                "{\"text\":\"more\",\"group\":\"web\"}",
                "{\"text\":\"x\"}"));
    index = directory.resolve("index");
  }

  @Test
  void indexIsMadeCountedAndVerified() {
    assertEquals(0, run(input, "--out", index), err.toString());
    assertTrue(out.toString().contains("4 documents, 22 tokens, shards: 1"), out.toString());
    assertEquals(0, run("stats", index, "--key", "group"));
    assertEquals(
        """
        group        documents             tokens              bytes
        web                  2                 14                 12
        code                 1                  6                  5
        (none)               1                  2                  1
        """,
        out.toString());
    assertEquals(0, run("stats", index));
    assertTrue(out.toString().contains("(all)               4                 22"), out.toString());
    assertEquals(0, run("verify", index));
    assertTrue(out.toString().contains("is whole"), out.toString());
  }

  @Test
  void textsAreEncodedByAHuggingFaceTokenizer() throws IOException {
    Path tokenizer = Samples.folder("tokenizers/llama/tokenizer.json");
    assertEquals(0, run(input, "--out", index, "--tokenizer", tokenizer), err.toString());
    TokenizerInfo info = Manifest.read(index).tokenizer();
    assertTrue(info.name().startsWith("tokenizer.json@sha256:"), info.name());
    assertEquals(700, info.vocabularySize());
    assertEquals(2, info.endOfDocument());
    assertEquals(Program.REFUSED, run(input, "--out", index, "--add"));
    assertTrue(err.toString().contains(info.name()), err.toString());
    assertEquals(0, run(input, "--out", index, "--add", "--tokenizer", tokenizer), err.toString());
  }

  @Test
  void endOfDocumentOfATokenizerFileIsStatedOrRefused() throws IOException {
    Path tokenizer = Samples.folder("tokenizers/llama/tokenizer.json");
    assertEquals(0, run(input, "--out", index, "--tokenizer", tokenizer, "--eos", "<s>"));
    assertEquals(1, Manifest.read(index).tokenizer().endOfDocument());
    Path none = directory.resolve("none");
    assertEquals(
        Program.REFUSED, run(input, "--out", none, "--tokenizer", tokenizer, "--eos", "the"));
    assertTrue(err.toString().contains("0 <unk>, 1 <s>, 2 </s>"), err.toString());
    assertEquals(Program.REFUSED, run(input, "--out", none, "--eos", "2"));
    assertTrue(err.toString().contains("of its own"), err.toString());
    assertFalse(Files.exists(none));
  }

  @Test
  void adoptedTextsEndAsStated() throws IOException {
    Path tokenizer = Samples.folder("tokenizers/llama/tokenizer.json");
    assertEquals(
        0,
        run("adopt", input, "--out", index, "--tokenizer", tokenizer, "--eos", "<s>"),
        err.toString());
    assertEquals(1, Manifest.read(index).tokenizer().endOfDocument());
    try (var files = Files.walk(index)) {
      Path shard = files.filter(file -> file.toString().endsWith(".bin")).findFirst().orElseThrow();
      byte[] tokens = Files.readAllBytes(shard);
      assertEquals(1, tokens[tokens.length - 2] | tokens[tokens.length - 1] << 8);
    }
  }

  @Test
  void textThatATokenizerHasNoIdsForIsRefusedByItsLine() throws IOException {
    Path words =
        Files.writeString(
            directory.resolve("words.json"),
            """
            {"added_tokens":[{"id":1,"content":"</s>","special":true,"single_word":false,"lstrip":false,
              "rstrip":false,"normalized":false}],
             "model":{"type":"WordLevel","vocab":{"hello":0},"unk_token":"?"}}
            """);
    assertEquals(Program.REFUSED, run(input, "--out", index, "--tokenizer", words));
    assertTrue(err.toString().contains("in.jsonl, line 2: the tokenizer"), err.toString());
    assertFalse(Files.exists(index));
  }

  @Test
  void folderStandsForItsFilesInOrder() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("in"));
    Files.writeString(folder.resolve("b.jsonl"), "{\"text\":\"second\",\"id\":\"2\"}");
    Files.writeString(folder.resolve("a.jsonl"), "{\"text\":\"first\",\"id\":\"1\"}");
    Files.writeString(folder.resolve("readme.txt"), "no JSON lines");
    assertEquals(0, run(folder, "--out", index), err.toString());
    try (var catalog = Catalog.open(index)) {
      assertEquals("1", catalog.documentId(0, 0));
      assertEquals("2", catalog.documentId(0, 1));
    }
  }

  @Test
  void existingIndexIsReplacedOnlyWhenForced() throws IOException {
    run(input, "--out", index);
    String before = Manifest.read(index).sha256();
    Files.writeString(input, "{\"text\":\"other\"}");
    assertEquals(Program.REFUSED, run(input, "--out", index));
    assertTrue(err.toString().contains("replace it with --force"), err.toString());
    assertEquals(before, Manifest.read(index).sha256());
    assertEquals(0, run(input, "--out", index, "--force"), err.toString());
    assertEquals(1, Manifest.read(index).documents());
    assertOnly("in.jsonl", "index");
  }

  @Test
  void failedReplacementLeavesTheIndexAsItWas() throws IOException {
    run(input, "--out", index);
    byte[] before = Files.readAllBytes(index.resolve("shard-00000.bin"));
    Files.writeString(input, "{\"text\":\"fine\"}\n{\"text\":");
    assertEquals(Program.REFUSED, run(input, "--out", index, "--force"));
    assertTrue(err.toString().contains("in.jsonl, line 2: it is not JSON"), err.toString());
    assertArrayEquals(before, Files.readAllBytes(index.resolve("shard-00000.bin")));
    assertOnly("in.jsonl", "index");
  }

  @Test
  void folderThatIsNoIndexIsNeverReplaced() throws IOException {
    Files.createDirectory(index);
    Files.writeString(index.resolve("thesis.tex"), "precious");
    assertEquals(Program.REFUSED, run(input, "--out", index, "--force"));
    assertTrue(err.toString().contains("is no index"), err.toString());
    assertEquals("precious", Files.readString(index.resolve("thesis.tex")));
  }

  @Test
  void wrongCommandLinesAreExplained() {
    for (Object[] wrong :
        new Object[][] {
          {}, {input}, {"--out", index}, {input, "--out", index, "--threads", "many"}, {"stats"}
        }) {
      assertEquals(2, run(wrong), Arrays.toString(wrong));
      assertTrue(err.toString().contains("--help`."), err.toString());
    }
    for (Object[] wrong :
        new Object[][] {
          {input, "--out", index, "--tokenizer", "gpt2"},
          {input, "--out", index, "--threads", "0"},
          {input, "--out", index, "--shard-tokens", "0"},
          {input, "--out", index, "--text-field", "id"},
          {directory.resolve("absent"), "--out", index},
          {"stats", directory},
          {"verify", directory.resolve("absent")}
        }) {
      assertEquals(Program.REFUSED, run(wrong));
      assertTrue(err.toString().startsWith("mixwell index"), err.toString());
    }
    assertFalse(Files.exists(index));
  }

  @Test
  void unknownKeyIsRefusedNamingTheNearest() {
    run(input, "--out", index);
    assertEquals(Program.REFUSED, run("stats", index, "--key", "gruop"));
    assertTrue(err.toString().contains("nearest is \"group\""), err.toString());
  }

  @Test
  void helpHasExamples() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("mixwell index pile/*.jsonl.zst --out"), out.toString());
    assertEquals(0, run("stats", "--help"));
    assertTrue(out.toString().contains("--key source"), out.toString());
  }

  private int run(Object... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Indexing.run(out, err, arguments);
  }

  private void assertOnly(String... names) throws IOException {
    try (var entries = Files.list(directory)) {
      assertEquals(List.of(names), entries.map(f -> f.getFileName().toString()).sorted().toList());
    }
  }
}
