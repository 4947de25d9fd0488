package dev.mixwell.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.base.Json;
import dev.mixwell.cli.Program;
import dev.mixwell.client.Peer;
import dev.mixwell.trainer.TrainReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();

  private int execute(List<String> arguments) {
    var writer = new PrintWriter(out, true);
    var words = new ArrayList<>(List.of("train"));
    words.addAll(arguments);
    return new Program(new TrainCommand())
        .writing(writer, writer)
        .run(words.toArray(String[]::new));
  }

  private static List<String> small(Peer peer, int steps, String... more) {
    var arguments =
        new ArrayList<>(
            List.of("--url", peer.uri().toString(), "--run", "demo", "--steps", "" + steps));
    arguments.addAll(List.of("--layers", "1", "--width", "8", "--learning-rate", "1e-2"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  @Test
  void helpShowsEverySizeWithItsDefault() {
    assertEquals(0, execute(List.of("--help")));
    String help = out.toString();
    for (String option :
        List.of(
            "--layers",
            "--width",
            "--heads",
            "--batch-rows",
            "--row-tokens",
            "--steps",
            "--learning-rate",
            "--checkpoint-every",
            "--reference-checkpoint")) assertTrue(help.contains(option), option);
    assertTrue(help.contains("default: 0.003"), help);
    assertTrue(help.contains("http://127.0.0.1:8080"), help);
  }

  @Test
  void aReportHoldsTheLossesOfBothEnds() throws IOException {
    Path report = directory.resolve("report.json");
    try (var peer = new Peer(Peer.spec(2, 4, 8))) {
      String checkpoints = directory.resolve("checkpoints").toString();
      assertEquals(
          0,
          execute(small(peer, 4, "--report", report.toString(), "--checkpoints", checkpoints)),
          out::toString);
      TrainReport first = Json.read(Files.readAllBytes(report), TrainReport.class);
      assertEquals(
          List.of(0L, 4L), first.validation().stream().map(TrainReport.Evaluation::step).toList());
      assertEquals(
          List.of("even", "odd"), List.copyOf(first.validation().getFirst().losses().keySet()));

      assertEquals(
          0,
          execute(small(peer, 6, "--report", report.toString(), "--checkpoints", checkpoints)),
          out::toString);
      TrainReport second = Json.read(Files.readAllBytes(report), TrainReport.class);
      assertEquals(List.of(0, 1), second.attempts());
      assertEquals(4, second.fromStep());
      assertEquals(first.validation().getLast(), second.validation().getFirst());
    }
  }

  @Test
  void sizesThatAreNotTheRunsAreRefusedWithTheWayOut() throws IOException {
    try (var peer = new Peer(Peer.spec(2, 4, 8))) {
      assertEquals(Program.REFUSED, execute(small(peer, 4, "--row-tokens", "5")));
      assertTrue(out.toString().contains("the run has 4"), out.toString());
      assertEquals(Program.REFUSED, execute(small(peer, 4, "--heads", "3")));
      assertEquals(2, execute(List.of("--steps", "3")), "no --run");
    }
  }

  @Test
  void aMixerThatNeedsAReferenceGetsTheOneNamed() throws IOException {
    Path kept = directory.resolve("reference");
    try (var peer = new Peer(Peer.spec(2, 4, 8))) {
      assertEquals(0, execute(small(peer, 2, "--checkpoints", kept.toString())), out::toString);
    }
    try (var peer = new Peer(Peer.spec(2, 4, 8))) {
      peer.awaits = FeedbackKind.EXCESS;
      assertEquals(Program.REFUSED, execute(small(peer, 2)));
      assertTrue(out.toString().contains("--reference-checkpoint"), out.toString());
      assertEquals(
          0, execute(small(peer, 2, "--reference-checkpoint", kept.toString())), out::toString);
      assertEquals(4, peer.posts().size());
    }
  }

  @Test
  void aRunIsCreatedFromItsFile() throws IOException {
    Path spec = directory.resolve("run.json");
    Files.writeString(spec, Json.write(Peer.spec(2, 4, 8)));
    try (var peer = new Peer(Peer.spec(2, 4, 8))) {
      assertEquals(
          0,
          execute(small(peer, 4, "--create-run", spec.toString(), "--batch-rows", "2")),
          out::toString);
      assertEquals(4, peer.posts().size());
    }
  }
}
