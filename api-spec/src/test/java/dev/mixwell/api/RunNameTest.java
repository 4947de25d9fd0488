package dev.mixwell.api;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunNameTest {
  @Test
  void aNameIsAFolderThatIsNotHiddenAndASegmentOfAnAddress() {
    for (String good : List.of("a", "0", "_", "-", "a.b", "A-1_z", "x".repeat(100)))
      assertTrue(RunName.isValid(good), good);
    for (String bad : List.of("", ".", "..", ".a", "a/b", "a b", "a\n", "é", "x".repeat(101)))
      assertFalse(RunName.isValid(bad), bad);
  }
}
