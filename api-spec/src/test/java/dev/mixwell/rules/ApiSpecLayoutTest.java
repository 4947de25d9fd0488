package dev.mixwell.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The rules of the house, on the contract; and the table of the rules itself. */
class ApiSpecLayoutTest extends LayoutRules {
  @Test
  void theContractComesWithJacksonOnly() {
    check(ClassPath.strangers("api-spec/pom.xml"));
  }

  @Test
  void rowsNameOnlyWhatStandsAboveThem() {
    check(Walls.ofTable(Layout.ours()));
  }

  @Test
  void everyModuleRunsTheRulesOnItself() throws IOException {
    var found = new ArrayList<String>();
    var root = Module.running().root();
    for (String module : Layout.ours().modules()) {
      var tests = root.resolve(module).resolve("src/test/java/dev/mixwell/rules");
      boolean runs = false;
      if (Files.exists(tests))
        try (var files = Files.list(tests)) {
          runs = files.anyMatch(file -> file.toString().endsWith("LayoutTest.java"));
        }
      if (!runs) found.add("module %s has no test that extends LayoutRules".formatted(module));
    }
    for (String module : Module.ofPoms(root))
      if (!Layout.ours().modules().contains(module))
        found.add("module %s has no rows in %s".formatted(module, Layout.FILE));
    check(found);
  }
}
