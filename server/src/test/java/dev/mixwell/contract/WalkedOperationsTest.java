package dev.mixwell.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The walk of README.md asks for every operation but those that say here why not. */
class WalkedOperationsTest {
  private static final Pattern CURL = Pattern.compile("(?m)^curl (.*?)\\$URL(/[^\\s\"'?]*)(.*)$");
  private static final Pattern METHOD = Pattern.compile("-X ([A-Z]+)");
  private static final String OF_OPERATORS = "an operator's, as the swap that is walked";
  private static final String OF_DASHBOARDS = "for dashboards and supervisors";

  private static final Map<String, String> NOT_WALKED =
      Map.ofEntries(
          Map.entry("listRuns", "the walk has one run"),
          Map.entry("getRun", "creating the run answers the same"),
          Map.entry("getBatches", "for pipelines; a step by hand is one batch"),
          Map.entry("getValidation", "the trainer of the walk's last part pulls them"),
          Map.entry("getOverrides", OF_OPERATORS),
          Map.entry("setOverrides", OF_OPERATORS),
          Map.entry("clearOverrides", OF_OPERATORS),
          Map.entry("skipRows", OF_OPERATORS),
          Map.entry("cancelOperation", OF_OPERATORS),
          Map.entry("searchCatalog", "for choosing queries, before a walk"),
          Map.entry("listGroups", OF_DASHBOARDS),
          Map.entry("healthLive", OF_DASHBOARDS),
          Map.entry("healthReady", OF_DASHBOARDS),
          Map.entry("healthStarted", OF_DASHBOARDS),
          Map.entry("metrics", OF_DASHBOARDS),
          Map.entry("contract", "README links to the file"));

  @Test
  void everyOperationIsWalkedOrSaysWhyNot() throws IOException {
    var walked = new HashSet<String>();
    var operations = new Contract().operations();
    String readme = Files.readString(Path.of("..", "README.md"));
    for (MatchResult line : CURL.matcher(readme).results().toList())
      for (var operation : operations)
        if (operation.method().equals(method(line.group(1) + line.group(3)))
            && line.group(2).matches(operation.pathPattern())) walked.add(operation.id());
    for (var operation : operations) {
      assertTrue(
          walked.contains(operation.id()) || NOT_WALKED.containsKey(operation.id()),
          "the walk of README.md does not ask for `%s`: add a line, or a reason to NOT_WALKED of server/src/test/java/dev/mixwell/contract/WalkedOperationsTest.java"
              .formatted(operation.id()));
      assertFalse(
          walked.contains(operation.id()) && NOT_WALKED.containsKey(operation.id()),
          operation.id() + " is walked: take it out of NOT_WALKED");
    }
  }

  private static String method(String options) {
    var method = METHOD.matcher(options);
    return method.find() ? method.group(1) : options.contains(" -d ") ? "POST" : "GET";
  }
}
