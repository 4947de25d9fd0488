package dev.mixwell.cli.index;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.format.reader.EveryFormatTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class AdoptHelpTest {
  @ParameterizedTest
  @MethodSource("dev.mixwell.format.reader.EveryFormatTest#names")
  void helpNamesEveryFormat(String name) {
    String help = EveryFormatTest.plain(new CommandLine(new AdoptCommand()).getUsageMessage());
    assertTrue(
        help.contains(name),
        "the description in %s does not name the format %s"
            .formatted("indexer/src/main/java/dev/mixwell/cli/index/AdoptCommand.java", name));
  }
}
