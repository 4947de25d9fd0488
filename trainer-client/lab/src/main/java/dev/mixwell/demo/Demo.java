package dev.mixwell.demo;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.HistoryEntry;
import dev.mixwell.api.MixerChange;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.MixtureAnswer;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.Json;
import dev.mixwell.client.MixwellClient;
import dev.mixwell.client.RunClient;
import dev.mixwell.launch.Child;
import dev.mixwell.launch.Launcher;
import dev.mixwell.launch.LocalServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The story of the demo: text, index, server, trainer; a swap half-way; a crash and a resume. */
final class Demo {
  private static final String RUN = "demo";
  private static final int ROW_TOKENS = 128;
  private static final int BATCH_ROWS = 16;

  /**
   * @param launcher the script {@code mixwell}, which starts the other processes
   * @param mixer NAME or NAME:VARIANT
   */
  record Settings(Launcher launcher, Path directory, String mixer, int steps) {}

  /**
   * A demo that came to its end, and what is left of it.
   *
   * @param file of the summary
   * @param picture of the mixture over the steps
   * @param data of the server
   */
  record Told(Summary summary, String file, String picture, String data) {}

  private final Settings settings;
  private final PrintWriter out;
  private final Path directory;
  private final long startedNanos = System.nanoTime();

  /**
   * @param out is told the story, a line at a time
   */
  Demo(Settings settings, PrintWriter out) {
    this.settings = settings;
    this.out = out;
    this.directory = settings.directory().toAbsolutePath();
  }

  /** The index of the demo's text, fetched and made where it is not there. */
  static Path prepareIndex(Path directory, Launcher launcher, PrintWriter out)
      throws IOException, InterruptedException {
    return DemoIndex.prepare(directory, launcher, "demo", out);
  }

  /**
   * Tells the story.
   *
   * @param end hears of its end while the server is still up
   */
  void run(End end) throws IOException, InterruptedException {
    Path index = prepareIndex(directory, settings.launcher(), out);
    forget("server");
    forget("checkpoints");
    Path log = directory.resolve("server.log");
    say("starting the server; its log is " + log);
    Path data = directory.resolve("server");
    try (var server = LocalServer.start(settings.launcher(), index, data, log)) {
      String url = server.url().toString();
      try (var client = new MixwellClient(server.url())) {
        Summary summary = train(client.run(RUN), url);
        Path file = directory.resolve("summary.json");
        Files.writeString(file, Json.writePretty(summary) + "\n");
        Path picture = directory.resolve("mixture.svg");
        Files.writeString(
            picture,
            new MixtureChart(client.run(RUN).history(0, settings.steps()))
                .svg(summary.swap().effectiveStep()));
        var told = new Told(summary, file.toString(), picture.toString(), data.toString());
        end.reached(told, server);
      }
    }
  }

  /** What is done at the end. */
  interface End {
    void reached(Told told, LocalServer server) throws IOException, InterruptedException;
  }

  private Summary train(RunClient run, String url) throws IOException, InterruptedException {
    RunAnswer created = run.create(spec());
    say(
        "run `%s`: %d groups, %d rows of %d tokens a step, first as the corpus is"
            .formatted(RUN, created.groups().size(), BATCH_ROWS, ROW_TOKENS));
    OperationView swap;
    try (var trainer = trainer(url, "trainer-1.log")) {
      say("training " + settings.steps() + " steps in a process of its own");
      awaitStep(run, trainer, settings.steps() / 2L);
      swap = swap(run);
      say(
          "swapped the mixer to %s from step %d on"
              .formatted(settings.mixer(), swap.effectiveStep()));
      awaitStep(run, trainer, settings.steps() * 3L / 4);
      trainer.kill();
    }
    say("killed the trainer; starting it again from its checkpoint");
    try (var trainer = trainer(url, "trainer-2.log")) {
      trainer.awaitEnd();
    }
    return summarise(run, swap, url);
  }

  private RunSpec spec() {
    return RunSpec.draft(1, DemoIndex.groups(), BATCH_ROWS, ROW_TOKENS)
        .mixer(new MixerSpec("temperature", Map.of("exponent", 1))) // as the corpus is
        .validationRows(32)
        .validationShare(0.02)
        .evaluateEvery(settings.steps())
        .spec();
  }

  private Child trainer(String url, String log) throws IOException {
    var arguments =
        new ArrayList<>(
            List.of("train", "--url", url, "--run", RUN, "--steps", "" + settings.steps()));
    arguments.addAll(List.of("--checkpoint-every", "" + Math.max(10, settings.steps() / 8)));
    arguments.addAll(List.of("--checkpoints", directory.resolve("checkpoints").toString()));
    arguments.addAll(List.of("--report", report().toString()));
    return settings.launcher().start(directory.resolve(log), arguments);
  }

  private Path report() {
    return directory.resolve("report.json");
  }

  /** Waits for the trainer to pull so far, and says now and then how far it is. */
  private void awaitStep(RunClient run, Child trainer, long step)
      throws IOException, InterruptedException {
    long said = 0;
    for (long upTo = 0; upTo < step; upTo = run.mixture().upTo()) {
      if (!trainer.isAlive()) throw trainer.failed("ended before step " + step);
      if (upTo >= said + settings.steps() / 8) {
        said = upTo;
        say("step %d of %d".formatted(upTo, settings.steps()));
      }
      Child.pause();
    }
  }

  private OperationView swap(RunClient run) {
    String[] parts = settings.mixer().split(":", 2);
    Map<String, Object> parameters = parts.length == 2 ? Map.of("variant", parts[1]) : Map.of();
    var change =
        new MixerChange(
            new MixerSpec(parts[0], parameters),
            "now",
            "current",
            "mixwell demo",
            "adapt the mixture from half-way on");
    return run.swap(change, run.mixer().tag());
  }

  private Summary summarise(RunClient run, OperationView swap, String url) throws IOException {
    HistoryEntry first = run.history(0, 1).getFirst();
    HistoryEntry last = run.history(settings.steps() - 1L, settings.steps()).getFirst();
    Map<String, Double> lossFirst = first.losses().getOrDefault(FeedbackKind.VALIDATION, Map.of());
    var report = Json.read(Files.readAllBytes(report()), dev.mixwell.trainer.TrainReport.class);
    Map<String, Double> lossLast = report.validation().getLast().losses();
    var groups = new LinkedHashMap<String, Summary.GroupSummary>();
    double largest = 0;
    for (MixtureAnswer.Share share : run.mixture().groups()) {
      String name = share.group();
      double from = of(first.p(), name);
      double to = of(last.p(), name);
      largest = Math.max(largest, Math.abs(to - from));
      groups.put(
          name,
          new Summary.GroupSummary(
              share.askedRows() * ROW_TOKENS,
              share.rows() * ROW_TOKENS,
              from,
              to,
              of(lossFirst, name),
              of(lossLast, name)));
    }
    Integer newest = run.describe().newestAttempt();
    int attempts = newest == null ? 0 : newest + 1;
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    return new Summary(
        settings.steps(),
        ROW_TOKENS,
        swap,
        attempts,
        report.fromStep(),
        largest,
        groups,
        urls(url),
        seconds);
  }

  private static double of(Map<String, Double> byGroup, String group) {
    Double value = byGroup.get(group);
    if (value == null) throw new IllegalStateException("nothing was reported of group " + group);
    return value;
  }

  private static List<String> urls(String url) {
    String run = url + "/v1/runs/" + RUN;
    return List.of(
        run,
        run + "/mixture",
        run + "/mixture/history?from=0&to=100",
        run + "/mixer",
        run + "/attempts/1/steps/0/provenance",
        url + "/observe/metrics",
        url + "/openapi");
  }

  /** Removes what an earlier demo left of a run. */
  private void forget(String folder) throws IOException {
    ForcedFiles.deleteTree(directory.resolve(folder));
  }

  private void say(String text) {
    out.println("demo: " + text);
    out.flush();
  }
}
