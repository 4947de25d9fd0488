package dev.mixwell.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void countsTheEditsBetweenTwoWords() {
    assertEquals(0, Nearest.edits("port", "port"));
    assertEquals(2, Nearest.edits("prot", "port"));
    assertEquals(3, Nearest.edits("kitten", "sitting"));
    assertEquals(4, Nearest.edits("", "data"));
  }

  @Test
  void prefersAWordThatBeginsSo() {
    assertEquals("temperature", Nearest.of("temp", List.of("term", "temperature")));
    assertEquals("static", Nearest.of("sttic", List.of("odm", "static", "stratified")));
  }
}
