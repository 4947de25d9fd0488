package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 1: bodies are hashed here, out of reach of the JVM that made them, under settings that
 * change how it computes: interpreter, compilers, vector width, exp and log of the CPU or of the
 * library, locale, processors.
 */
class SameBytesTest {
  private static final int RANKS = 2;
  private static final String SPEC =
      """
      {"seed": 7, %s, "batchRows": 8, "rowTokens": 32, "validationRows": 0,
       "mixer": {"name": "odm"}, "lookahead": 4}"""
          .formatted(Corpus.GROUPS);
  private static final String INTRINSICS =
      "-XX:DisableIntrinsic=_dexp,_dlog,_dlog10,_dpow,_dsin,_dcos,_dtan,_dsqrt,_fmaD";

  @TempDir Path folder;

  private record Setting(String name, List<String> jvm) {
    Setting(String name, String... jvm) {
      this(name, List.of(jvm));
    }
  }

  private static final List<Setting> SHORT =
      List.of(
          new Setting("defaults"),
          new Setting("interpreter, Turkish", "-Xint", "-Duser.language=tr", "-Duser.country=TR"),
          new Setting(
              "C2 only, no vectors, no intrinsics, 1 processor",
              "-XX:-TieredCompilation",
              "-XX:UseAVX=0",
              "-XX:+UnlockDiagnosticVMOptions",
              INTRINSICS,
              "-XX:ActiveProcessorCount=1"));

  private static final List<Setting> LONG =
      List.of(
          new Setting("defaults"),
          new Setting("interpreter", "-Xint"),
          new Setting("C2 only", "-XX:-TieredCompilation"),
          new Setting("no vectors", "-XX:UseAVX=0"),
          new Setting("no intrinsics", "-XX:+UnlockDiagnosticVMOptions", INTRINSICS),
          new Setting("Turkish", "-Duser.language=tr", "-Duser.country=TR"),
          new Setting("1 processor", "-XX:ActiveProcessorCount=1"),
          new Setting("16 processors", "-XX:ActiveProcessorCount=16"));

  @Test
  void bodiesAreTheSameUnderAnySettingAndFromACopy() throws Exception {
    Path index = Corpus.small(folder);
    List<Setting> settings = Proof.isSoak() ? LONG : SHORT;
    try (var proof = new Proof("same-bytes", 500, 10_000)) {
      List<String> expected = List.of();
      for (Setting setting : settings) {
        Path data = folder.resolve("data-" + settings.indexOf(setting));
        var moved = new double[1];
        List<String> served = serve(index, data, setting, proof.cases(), moved);
        proof.together(
            500,
            setting.name + ": the proportions move",
            () -> assertTrue(moved[0] > 1e-3, "the proportions did not move: " + moved[0]));
        if (expected.isEmpty()) expected = served;
        else compare(proof, setting.name, expected, served);
      }
      Path copy = folder.resolve("copy");
      copy(folder.resolve("data-0"), copy);
      List<String> again = serveAgain(index, copy, settings.getLast(), proof.cases());
      compare(proof, "a copy, asked by 16 at once", expected, again);
    }
  }

  private static void compare(Proof proof, String setting, List<String> a, List<String> b) {
    for (int i = 0; i < a.size(); i++) {
      String expected = a.get(i);
      String found = b.get(i);
      proof.check(setting + ", body " + i, () -> assertEquals(expected, found));
    }
  }

  /**
   * Trains from step 0, and answers the bodies' tags and digests.
   *
   * @param moved gets by how much the proportions moved
   */
  private static List<String> serve(
      Path index, Path data, Setting setting, int bodies, double[] moved) throws Exception {
    var digests = new ArrayList<String>();
    try (var server = ServerProcess.start(index, data, setting.jvm)) {
      var http = server.http();
      http.send("PUT", "/v1/runs/r", SPEC).expect(201);
      var trainer = Trainer.launch(http, "r", RANKS);
      for (int i = 0; i < bodies; i++) {
        digests.add(digest(trainer, i));
        if (i % RANKS == RANKS - 1) trainer.post(i / RANKS);
      }
      moved[0] = largestMove(trainer, (bodies - 1) / RANKS);
    }
    return digests;
  }

  /** Looked at here and there: over a long run ODM comes back to where it began. */
  private static double largestMove(Trainer trainer, long lastStep) throws Exception {
    double first = share(trainer, 0);
    double largest = 0;
    for (long step = 1; step <= lastStep; step += Math.max(1, lastStep / 100))
      largest = Math.max(largest, Math.abs(share(trainer, step) - first));
    return largest;
  }

  private static double share(Trainer trainer, long step) throws Exception {
    return trainer.plan(step).path("q").path("prose").asDouble();
  }

  private static List<String> serveAgain(Path index, Path data, Setting setting, int bodies)
      throws Exception {
    try (var server = ServerProcess.start(index, data, setting.jvm);
        var threads = Executors.newFixedThreadPool(16)) {
      var trainer = new Trainer(server.http(), "r", 0, 0, "");
      var pulls = new ArrayList<Callable<String>>();
      for (int i = 0; i < bodies; i++) {
        int body = i;
        pulls.add(() -> digest(trainer, body));
      }
      var digests = new ArrayList<String>();
      for (Future<String> pull : threads.invokeAll(pulls)) digests.add(pull.get());
      return digests;
    }
  }

  /** Body {@code i}: the ranks' formats take turns. */
  private static String digest(Trainer trainer, int i) throws Exception {
    String format = Trainer.FORMATS.get(i % Trainer.FORMATS.size());
    var answer = trainer.pull(i / RANKS, i % RANKS, format).expect(200);
    return answer.etag() + " " + answer.sha256();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) Files.copy(path, to.resolve(from.relativize(path)));
    }
  }
}
