package dev.mixwell.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The references in {@code docs} say what the code does; with {@code mixwell.write} they are made.
 */
class ReferencesTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void runConfigurationIsUpToDate() throws IOException {
    check("run-configuration.md", RunPage.text());
  }

  @Test
  void serverConfigurationIsUpToDate() throws IOException {
    check("server-configuration.md", ServerPage.text());
  }

  @Test
  void theContractNamesTheSameDefaultsAndBounds() throws IOException {
    try (var contract = ReferencesTest.class.getResourceAsStream("/openapi.yaml")) {
      var members =
          new YAMLMapper().readTree(contract).at("/components/schemas/RunSpec/properties");
      assertFalse(members.isMissingNode(), "openapi.yaml has no RunSpec");
      assertEquals(List.of(), RunPage.differences(members), "openapi.yaml, RunSpec");
    }
  }

  private static void check(String name, String made) throws IOException {
    Path file = DOCS.resolve(name);
    if (Boolean.getBoolean("mixwell.write")) Files.writeString(file, made);
    String written = Files.exists(file) ? Files.readString(file) : "";
    assertEquals(made, written, "docs/" + name + " is stale: run dev/references and commit it");
  }
}
