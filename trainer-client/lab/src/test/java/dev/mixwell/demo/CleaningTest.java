package dev.mixwell.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mixwell.base.Sha256;
import dev.mixwell.demo.Cleaning.Piece;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CleaningTest {
  @Test
  void tidyTextHasOneKindOfLineEndAndNoIdleSpace() {
    assertEquals("a\nb\n\nc", Cleaning.tidy("\ufeff\r\n a \t\r\nb\u00a0\r\r\n\n\n\0c\n"));
    assertEquals("", Cleaning.tidy(" \n\u2003\n"));
  }

  @Test
  void bytesThatAreNotUtf8AreLatin1() {
    assertEquals("é", Cleaning.decode("é".getBytes(StandardCharsets.UTF_8)));
    assertEquals("é", Cleaning.decode("é".getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void onlyAnOpeningCommentThatIsALicenceIsDropped() {
    assertEquals("class A {}", Cleaning.withoutLicence("\n/* Copyright\n X */\n\nclass A {}"));
    assertEquals("/** A list. */ class A {}", Cleaning.withoutLicence("/** A list. */ class A {}"));
    assertEquals("a /* License */", Cleaning.withoutLicence("a /* License */"));
  }

  @Test
  void commentLinesOfAsciidocAreDropped() {
    assertEquals("= A\n\nb // c\n////", Cleaning.withoutCommentLines("= A\n// x\r\nb // c\n////"));
  }

  @Test
  void piecesAreJoinedUntilLongEnoughAndTheRestIsKept() {
    var pieces = List.of(new Piece("a", "12"), new Piece("b", "345"), new Piece("c", "6"));
    assertEquals(
        List.of(new Piece("a", "12\n\n345"), new Piece("c", "6")), Cleaning.join(pieces, 5));
  }

  @Test
  void textIsCutOnlyIfHalfAsLongAgainAndOnlyAtBlankLines() {
    assertEquals(List.of(new Piece("0", "12\n\n34")), Cleaning.cut("12\n\n34", 4));
    assertEquals(
        List.of(new Piece("0", "1234"), new Piece("1", "56\n\n78")),
        Cleaning.cut("1234\n\n56\n\n78", 4));
  }

  @Test
  void lengthsAreCodePoints() {
    assertEquals(1, Cleaning.length("\ud83d\ude00"));
  }

  @Test
  void aSynsetBecomesWordsPartOfSpeechAndGloss() {
    String line =
        "00000042 00 s 02 pocket-size(a) 0 pocket_sized 1 001 & 00000007 a 0000 | small  ";
    assertEquals("pocket-size, pocket sized (adjective): small", WordNet.entry(line));
    assertEquals("00000042", WordNet.offset(line));
  }

  @Test
  void aDocumentIsKnownByWhatTellsItFromOthers() {
    var origin = new Document.Origin("g", new Jar("a:b:1", ""), "p", "en", "free");
    var document = Document.of(origin, "text\n\"quoted\"");
    assertEquals(
        document.id(), Sha256.of("g|a:b:1|p|" + Sha256.of(document.text())).substring(0, 20));
    assertEquals(
        "{\"id\": \""
            + document.id()
            + "\", \"text\": \"text\\n\\\"quoted\\\"\", \"group\": \"g\", "
            + "\"source\": \"a:b:1\", \"path\": \"p\", \"lang\": \"en\", \"license\": \"free\"}\n",
        document.line());
  }
}
