package dev.mixwell.cli.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.mixwell.base.Sha256;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.metadata.MetadataValue;
import dev.mixwell.shard.Samples;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddedMetadataTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path books;
  private Path web;
  private Path index;

  @BeforeEach
  void writeInputs() throws IOException {
    books = Files.createDirectory(directory.resolve("books")).resolve("a.jsonl");
    Files.writeString(
        books,
        """
        {"text":"a","id":"b1","quality":0.1,"lang":"en"}
        {"text":"b","id":"b2","source":"poems"}
        {"text":"c"}
        """);
    web = directory.resolve("web.jsonl");
    Files.writeString(
        web,
        """
        {"text":"d","id":7}
        {"text":"e","id":"w2","quality":0.5}
        """);
    index = directory.resolve("index");
  }

  @Test
  void rowsAreJoinedByIdAndWinOverTheDocument() throws IOException {
    Path rows =
        file(
            "rows.jsonl",
            """
            {"id":"b1","quality":0.9,"meta":{"tags":["x","y"]}}
            {"id":7,"quality":null,"date":"2020-02-02"}
            {"id":"nobody","quality":1}
            """);
    assertEquals(0, run(books, web, "--out", index, "--metadata", rows), err.toString());
    assertTrue(
        out.toString()
            .contains(
                "metadata: 3 rows, 1 of them for no document; 3 of 5 documents without a row"),
        out.toString());
    assertMatches("b1", "quality:0.9 AND lang:en AND meta.tags:y");
    assertMatches("7", "date:[2020-02-01 TO 2020-02-03]");
    assertMatches("w2", "quality:0.5");
    assertFalse(Files.exists(index.resolve("metadata.pending")));
    assertEquals(0, run("verify", index), err.toString());
  }

  @Test
  void compressedRowsOfSeveralFilesAreJoinedToAnAddition() throws IOException {
    assertEquals(0, run(books, "--out", index), err.toString());
    Path zst = directory.resolve("more.jsonl.zst");
    Files.write(
        zst, Zstd.compress("{\"doc\":\"w2\",\"k\":\"z\"}\n".getBytes(StandardCharsets.UTF_8)));
    Path plain = file("rows.jsonl", "{\"doc\":\"7\",\"k\":\"p\"}\n{\"doc\":\"b1\",\"k\":\"no\"}");
    Object[] add = {
      web,
      "--out",
      index,
      "--add",
      "--metadata",
      zst,
      "--metadata",
      plain,
      "--metadata-id-field",
      "doc"
    };
    assertEquals(0, run(add), err.toString());
    assertTrue(out.toString().contains("3 rows, 1 of them for no document"), out.toString());
    assertMatches("w2", "k:z");
    assertMatches("7", "k:p");
  }

  @Test
  void rowsOfParquetSayWhatTheSameLinesSay() throws IOException {
    Path lines = Samples.folder("metadata/rows.jsonl");
    Path parquet = Samples.folder("metadata/rows.parquet");
    Path other = directory.resolve("other");
    assertEquals(0, run(books, web, "--out", index, "--metadata", lines), err.toString());
    assertEquals(0, run(books, web, "--out", other, "--metadata", parquet), err.toString());
    assertTrue(
        out.toString().contains("3 rows, 1 of them for no document; 3 of 5 documents without"),
        out.toString());
    assertSameMetadata(index, other);
    assertMatches("b1", "quality:0.9 AND score:2 AND ratio:0.5 AND seen:2020-02-02 AND good:true");
    assertMatches("b1", "counts:3 AND tags:y AND meta.places:b AND meta.deep.n:4 AND links.to:q");
    assertMatches("b1", "at:[2020-02-02T12:00:00Z TO 2020-02-02T12:00:01Z] AND links.weight:1.5");
  }

  @Test
  void adoptedDocumentsGetTheSameRows() throws IOException {
    Path lines = Samples.folder("metadata/rows.jsonl");
    Path parquet = Samples.folder("metadata/rows.parquet");
    Path other = directory.resolve("other");
    for (Path[] each : new Path[][] {{index, lines}, {other, parquet}}) {
      Object[] adopt = {
        "adopt", books, web, "--out", each[0], "--tokenizer", "byte", "--metadata", each[1]
      };
      assertEquals(0, run(adopt), err.toString());
    }
    assertSameMetadata(index, other);
    assertMatches("b1", "words:7 AND meta.source:poems");
  }

  private void assertSameMetadata(Path expected, Path found) throws IOException {
    try (var left = Catalog.open(expected);
        var right = Catalog.open(found)) {
      for (int at = 0; at < 3; at++) assertEquals(left.metadata(0, at), right.metadata(0, at));
    }
    assertEquals(Manifest.read(expected).catalogSha256(), Manifest.read(found).catalogSha256());
  }

  @Test
  void filesAreRecognisedByTheirBytes() throws IOException {
    Path lines = Samples.folder("metadata/rows.jsonl");
    Path parquet = Samples.folder("metadata/rows.parquet");
    Path other = directory.resolve("other");
    Files.copy(lines, directory.resolve("rows.parquet"));
    Files.copy(parquet, directory.resolve("rows.jsonl"));
    Path named = directory.resolve("rows.parquet");
    assertEquals(0, run(books, "--out", index, "--metadata", named), err.toString());
    named = directory.resolve("rows.jsonl");
    assertEquals(0, run(books, "--out", other, "--metadata", named), err.toString());
    assertSameMetadata(index, other);
  }

  @Test
  void numbersOfParquetNameDocumentsToo() throws IOException {
    Path rows = Samples.folder("metadata/numbered.parquet");
    Path large = file("large.jsonl", "{\"text\":\"a\",\"id\":18446744073709551615}");
    Object[] named = {web, large, "--out", index, "--metadata", rows, "--metadata-id-field", "doc"};
    assertEquals(0, run(named), err.toString());
    assertMatches("7", "k:p AND hash:8");
    assertMatches("18446744073709551615", "k:q AND hash:[1e19 TO 1e20]");
    assertEquals(Program.REFUSED, run(web, "--out", directory.resolve("x"), "--metadata", rows));
    assertTrue(
        err.toString()
            .contains(
                "numbered.parquet: there is no column \"id\"; its columns are doc, k, hash. Name the column"),
        err.toString());
  }

  @Test
  void rowsOfParquetWithoutAnIdOrTwiceAreRefused() throws IOException {
    Path unnamed = Samples.folder("metadata/unnamed.parquet");
    assertEquals(Program.REFUSED, run(web, "--out", index, "--metadata", unnamed));
    assertTrue(err.toString().contains("unnamed.parquet, row 2: it has no \"id\""), err.toString());
    assertTrue(err.toString().contains("with --metadata-id-field"), err.toString());
    Object[] halves = {web, "--out", index, "--metadata", unnamed, "--metadata-id-field", "half"};
    assertEquals(Program.REFUSED, run(halves));
    assertTrue(
        err.toString().contains("its column \"half\" is neither text nor integers"),
        err.toString());
    Path rows = Samples.folder("metadata/rows.parquet");
    assertEquals(Program.REFUSED, run(web, "--out", index, "--metadata", rows, "--metadata", rows));
    assertTrue(err.toString().contains("rows.parquet, row 2: the id"), err.toString());
    byte[] bytes = Files.readAllBytes(rows);
    Path cut = Files.write(directory.resolve("cut"), Arrays.copyOf(bytes, bytes.length - 9));
    assertEquals(Program.REFUSED, run(web, "--out", index, "--metadata", cut));
    assertTrue(err.toString().contains("cut: it does not end with PAR1"), err.toString());
    bytes[4] = 0; // the first page's header
    Path torn = Files.write(directory.resolve("torn"), bytes);
    assertEquals(Program.REFUSED, run(web, "--out", index, "--metadata", torn));
    assertTrue(err.toString().contains("torn: the page at byte 4"), err.toString());
    assertTrue(err.toString().contains("Write it again"), err.toString());
    assertFalse(Files.exists(index));
  }

  @Test
  void documentWithoutAnIdIsFoundByItsShardAndOrdinal() throws IOException {
    assertEquals(0, run(books, "--out", index), err.toString());
    String id;
    try (var catalog = Catalog.open(index)) {
      id = catalog.documentId(0, 2);
    }
    Path rows = file("rows.jsonl", "{\"id\":\"" + id + "\",\"k\":1}");
    assertEquals(0, run(books, "--out", index, "--force", "--metadata", rows), err.toString());
    assertMatches(id, "k:1");
  }

  @Test
  void settingFillsWhatIsMissingWhereThePathFits() throws IOException {
    Path rows = file("rows.jsonl", "{\"id\":\"w2\",\"source\":\"row\"}");
    Object[] settings = {
      books,
      web,
      "--out",
      index,
      "--metadata",
      rows,
      "--set",
      "books/*:source=books",
      "--set",
      "source=rest",
      "--set",
      "quality=0.25",
      "--set",
      "ooks/*:k=nothing",
      "--set",
      "seen=2024-01-01"
    };
    assertEquals(0, run(settings), err.toString());
    try (var catalog = Catalog.open(index)) {
      var sources =
          List.of(0, 1, 2, 3, 4).stream()
              .map(i -> catalog.metadata(0, i).values().get("source").getFirst().text())
              .toList();
      assertEquals(List.of("books", "poems", "books", "rest", "row"), sources);
      assertEquals(
          List.of(new MetadataValue.Decimal(0.25)), catalog.metadata(0, 1).values().get("quality"));
      assertEquals(
          List.of(new MetadataValue.Decimal(0.1)), catalog.metadata(0, 0).values().get("quality"));
      assertFalse(catalog.metadata(0, 0).values().containsKey("k"));
      assertEquals("dates, text", catalog.keys().key("seen").kinds());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":\"a\"}~{\"k\":1}           | rows.jsonl, line 2: it has no \"id\"",
        "{\"id\":\"a\"}~[1]                 | rows.jsonl, line 2: it is no JSON object",
        "{\"id\":\"a\"                      | rows.jsonl, line 1: it is not JSON",
        "{\"id\":[1]}                       | \"id\" is no text and no whole number",
        "{\"id\":\"a\"}~~{\"id\":\"a\"}     | rows.jsonl, line 3: the id \"a\" is that of",
        "{\"id\":\"a\",\"k\":1e999}         | a number beyond all doubles",
      })
  void mistakeInARowIsNamedAndNothingIsChanged(String lines, String mistake) throws IOException {
    Path rows = file("rows.jsonl", lines.replace('~', '\n'));
    assertEquals(Program.REFUSED, run(books, "--out", index, "--metadata", rows));
    assertTrue(err.toString().contains(mistake), err.toString());
    assertFalse(Files.exists(index));
    try (var entries = Files.list(directory)) {
      assertEquals(3, entries.count());
    }
  }

  @Test
  void optionsThatSayNothingAreRefused() throws IOException {
    Path parquet = file("rows.parquet", "PAR1");
    for (Object[] wrong :
        new Object[][] {
          {"--set", "k"},
          {"--set", "=v"},
          {"--set", "a*:=v"},
          {"--metadata", directory.resolve("absent")},
          {"--metadata", parquet}
        }) {
      assertEquals(Program.REFUSED, run(books, "--out", index, wrong[0], wrong[1]));
      assertTrue(err.toString().startsWith("mixwell index: "), err.toString());
    }
    for (Object[] wrong :
        new Object[][] {
          {books, "--out", index, "--text-language-key", "lang"},
          {books, "--out", index, "--add", "--text"}
        }) assertEquals(2, run(wrong));
  }

  @Test
  void textsOfAnAdditionAreSearchedAsThoseBefore() throws IOException {
    Path rows = file("rows.jsonl", "{\"id\":\"w2\",\"lang\":\"de\"}");
    Files.writeString(web, "{\"text\":\"Die Häuser\",\"id\":\"w2\"}");
    assertEquals(0, run(books, "--out", index, "--text"), err.toString());
    assertTrue(out.toString().contains("of them to search 3 bytes of texts"), out.toString());
    assertEquals(0, run(web, "--out", index, "--add", "--metadata", rows), err.toString());
    assertMatches("w2", "text:haus");
    assertMatches("b1", "text:a");
    assertEquals(0, run("verify", index), err.toString());
  }

  @Test
  void adoptedShardsGetRowsAndSettingsByTheirNames() throws IOException {
    Path cc = Files.createDirectory(directory.resolve("cc"));
    Path first =
        Files.write(cc.resolve("a.bin"), new byte[] {1, 0, 0, 0, 2, 0, 0, 0}); // 2 documents
    Path second = Files.write(directory.resolve("b.bin"), new byte[] {3, 0, 0, 0});
    Path rows = file("rows.jsonl", "{\"id\":\"" + Sha256.of(first) + ":1\",\"score\":0.5}");
    Object[] adopt = {
      "adopt",
      first,
      second,
      "--out",
      index,
      "--vocabulary",
      10,
      "--dtype",
      "uint16",
      "--eos",
      0,
      "--metadata",
      rows,
      "--set",
      "cc/*:source=cc",
      "--set",
      "source=rest"
    };
    assertEquals(0, run(adopt), err.toString());
    assertTrue(
        err.toString().contains("1 rows, 0 of them for no document; 2 of 3 documents without"),
        err.toString());
    assertMatches(Sha256.of(first) + ":1", "source:cc AND score:0.5");
    assertMatches(Sha256.of(second) + ":0", "source:rest");
    assertEquals(0, run("verify", index), err.toString());
  }

  @Test
  void adoptedTextsCanBeSearched() {
    Object[] adopt = {"adopt", books, "--out", index, "--tokenizer", "byte", "--text"};
    assertEquals(0, run(adopt), err.toString());
    assertMatches("b2", "text:b");
    assertEquals(0, run("adopt", web, "--out", index, "--tokenizer", "byte", "--add"));
    assertMatches("w2", "text:e");
  }

  private void assertMatches(String id, String query) {
    try (var catalog = Catalog.open(index)) {
      var found = new ArrayList<String>();
      catalog.select(query, (shard, at, _, _, _) -> found.add(catalog.documentId(shard, at)));
      assertEquals(List.of(id), found, query);
    }
  }

  private Path file(String name, String lines) throws IOException {
    return Files.writeString(directory.resolve(name), lines);
  }

  private int run(Object... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Indexing.run(out, err, arguments);
  }
}
