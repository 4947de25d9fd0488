package dev.mixwell.demo;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Fetches 39 MB, so only a soak runs it. */
@EnabledIfSystemProperty(named = "mixwell.soak", matches = "true")
class DemoCorpusTest {
  private static final Map<String, String> SHA256 =
      Map.of(
          "code_java", "fcd35e49089e129624ad6dca5a13d7df2d32dbd8ee47df71efa1f1c153cc34a0",
          "code_scala", "0fb16bda49583e886ea9e7d9b862c1fd3966e2959b1da6fd0ad79abe8f38fab2",
          "docs_en", "2fbd50ebad3bb7468e42e15013d94e2cbfe5478c320e9b7c70a237de1504b902",
          "dictionary_en", "1b42a7bf688734b73c65f126e5141189eed2f581d132f98a653189ed0518b23f",
          "legal_en", "c0c2153d01c0bee209a73cfd5fd159ad9b64d5c3429eb4c55f67e6946e7a5ba6",
          "parl_romance", "4089de692b436c0b44ec9cc6ff214d3427e66c2dd03d65a8467c59f0a65cc022",
          "parl_germanic", "42ad3b05624f0bc5347aa3e1f31990a6e38df35146e88ab0d0e2983307c80765",
          "prose_en", "7a53c7ecef9021355995f1ae3019ee3762ac2ba5453b1903dd4402bd55ce24bd");

  @Test
  void sameJarsGiveTheSameBytes(@TempDir Path folder) throws IOException {
    var files =
        DemoCorpus.build(folder.resolve("text"), folder.resolve("jars"), System.out::println);
    var found = files.stream().collect(toMap(file -> file.group(), file -> file.sha256()));
    try (var proof = new Proof("demo-corpus", SHA256.size(), SHA256.size())) {
      for (var group : SHA256.entrySet())
        proof.check(
            group.getKey(), () -> assertEquals(group.getValue(), found.get(group.getKey())));
    }
  }
}
