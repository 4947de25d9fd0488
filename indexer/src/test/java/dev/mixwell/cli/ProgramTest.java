package dev.mixwell.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

final class ProgramTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Throws what it is given, or says what it got. */
  @Command(name = "sample", mixinStandardHelpOptions = true, description = "A sample.")
  static class Sample implements Callable<Integer> {
    private final Throwable failure;

    @Option(names = "--threads", paramLabel = "N", description = "How many.")
    int threads;

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Where.")
    Path directory = Path.of("");

    @Mixin JsonOption json = new JsonOption();

    Sample(Throwable failure) {
      this.failure = failure;
    }

    private record Facts(String directory, int threads) {}

    @Override
    public Integer call() throws Exception {
      json.remarks().println("on the way");
      json.print(new Facts(directory.toString(), threads), w -> w.println("in " + directory));
      return switch (failure) {
        case Exception e -> throw e;
        case Error e -> throw e;
        default -> Program.DONE;
      };
    }
  }

  /** The same, of those that tidy up. */
  @Command(name = "sample", mixinStandardHelpOptions = true, description = "A sample.")
  static final class Tidy extends Sample implements Interruptible {
    Tidy(Throwable failure) {
      super(failure);
    }

    @Override
    public String whatIsLeft() {
      return "Nothing was changed.";
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "A list.")
  static final class Listing implements Runnable {
    @Parameters(arity = "0..1")
    String place = "";

    @Override
    public void run() {}
  }

  private int run(Object command, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return new Program(command).writing(new PrintWriter(out), new PrintWriter(err)).run(arguments);
  }

  private String failed(int status, Object command) {
    assertEquals(status, run(command, "sample", "--dir", "d"), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertFalse(err.toString().contains("\tat "), err.toString());
    return err.toString().strip();
  }

  private static Sample nothing() {
    return new Sample(new Throwable("nothing"));
  }

  @Test
  void withoutACommandTheHelpListsThem() {
    assertEquals(Program.DONE, run(nothing()));
    String bare = out.toString();
    assertTrue(bare.contains("sample") && bare.contains("completion"), bare);
    assertTrue(bare.contains("Examples:"), bare);
    run(nothing(), "--help");
    assertEquals(bare, out.toString());
  }

  @Test
  void everyCommandSaysTheVersion() {
    for (String[] arguments : List.of(new String[] {"--version"}, new String[] {"sample", "-V"})) {
      assertEquals(Program.DONE, run(nothing(), arguments));
      assertTrue(out.toString().matches("(?s)Mixwell.*, Java 25.*"), out.toString());
    }
  }

  @Test
  void aWrongOptionIsToldInTwoLinesWithTheNearest() {
    assertEquals(Program.REFUSED, run(nothing(), "sample", "--thread=3", "--dir", "d"));
    assertEquals(
        """
        mixwell sample: There is no option --thread; did you mean --threads?
        See `mixwell sample --help`.
        """,
        err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void mistakesOfTheCommandLineAreAtMostThreeLines() {
    for (String[] mistake :
        new String[][] {
          {"sample"},
          {"sample", "--dir"},
          {"sample", "--dir", "a", "--threads", "many"},
          {"sample", "--dir", "a", "b"},
          {"smaple"},
          {"--verbose"}
        }) {
      assertEquals(Program.REFUSED, run(nothing(), mistake));
      assertTrue(err.toString().lines().count() <= 3, err.toString());
      assertTrue(err.toString().contains("--help`"), err.toString());
    }
    run(nothing(), "smaple");
    assertTrue(err.toString().contains("did you mean sample?"), err.toString());
  }

  @Test
  void refusalsAreTheirSentence() {
    assertEquals(
        "mixwell sample: No.", failed(2, new Sample(new Refusal(ProblemType.BAD_INPUT, "No."))));
    failed(1, new Sample(new Refusal(ProblemType.INDEX_DAMAGED, "It is damaged.")));
    assertEquals("mixwell sample: Wait.", failed(7, new Sample(new CommandFailed(7, "Wait."))));
  }

  @Test
  void interruptionHasItsStatus() {
    assertEquals(
        "mixwell sample: interrupted.",
        failed(Program.INTERRUPTED, new Sample(new InterruptedException())));
    assertEquals(
        "mixwell sample: interrupted. Nothing was changed.",
        failed(Program.INTERRUPTED, new Tidy(new CancellationException())));
  }

  @Test
  void failuresOfFilesAndConnectionsSayWhatAndWhere() {
    Object[][] failures = {
      {2, new NoSuchFileException("a/b"), "a/b cannot be used: there is no such file"},
      {2, new AccessDeniedException("a/b"), "a/b cannot be used: this account may not use it"},
      {2, new NotDirectoryException("a/b"), "a/b cannot be used: it is no folder"},
      {2, new FileAlreadyExistsException("a/b"), "a/b cannot be used: it is there already"},
      {2, new IOException("Is a directory"), "it is a folder. Check the path."},
      {2, new BindException("127.0.0.1:80"), "127.0.0.1:80"},
      {1, new ConnectException("127.0.0.1:80"), "Nobody answers"},
      {1, new IOException("No space left on device"), "No space left on device. Check the disk."},
    };
    for (Object[] each : failures) {
      int status = (Integer) each[0];
      String said = failed(status, new Sample(new UncheckedIOException((IOException) each[1])));
      assertTrue(
          said.toLowerCase(Locale.ROOT).contains(((String) each[2]).toLowerCase(Locale.ROOT)),
          said);
      said = failed(status, new Tidy((IOException) each[1]));
      assertEquals(status == Program.FAILED, said.endsWith("Nothing was changed."), said);
    }
  }

  @Test
  void anIoFailureThatSaysMoreThanItsCauseIsToldInItsOwnWords() {
    var failure = new UncheckedIOException("http://x does not answer", new ConnectException("no"));
    assertEquals("mixwell sample: http://x does not answer.", failed(1, new Sample(failure)));
    var interrupted = new UncheckedIOException("between two tries", new InterruptedIOException());
    failed(Program.INTERRUPTED, new Sample(interrupted));
  }

  @Test
  void aBugIsCalledOneAndItsStackTraceIsKept() throws IOException {
    for (Throwable bug :
        List.of(new IllegalStateException("lost"), new StackOverflowError("deep"))) {
      String said = failed(Program.FAILED, new Sample(bug));
      Matcher file = Pattern.compile("This is a bug .*report it with (\\S+),").matcher(said);
      assertTrue(file.find(), said);
      Path trace = Path.of(file.group(1));
      assertTrue(Files.readString(trace).contains("\tat dev.mixwell"), said);
      Files.delete(trace);
    }
    assertTrue(failed(1, new Sample(new OutOfMemoryError("heap"))).contains("-Xmx"));
  }

  @Test
  void aStackTraceIsShownWhereItIsAskedFor() {
    var failures = new Failures(true);
    var model = new Program(nothing()).writing(new PrintWriter(out), new PrintWriter(err)).model();
    assertEquals(Program.FAILED, failures.report(new IllegalStateException("lost"), model));
    assertTrue(err.toString().contains("\tat dev.mixwell"), err.toString());
  }

  @Test
  void jsonStandsAloneOnStandardOutput() {
    assertEquals(Program.DONE, run(nothing(), "sample", "--dir", "d", "--threads", "3", "--json"));
    JsonNode facts = Json.tree(out.toString().getBytes(StandardCharsets.UTF_8));
    assertEquals(3, facts.path("threads").asInt());
    assertEquals("on the way", err.toString().strip());
    run(nothing(), "sample", "--dir", "d");
    assertEquals("on the way\nin d\n", out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void aCommandWithAPlaceForAWordTakesIt() {
    assertEquals(Program.DONE, run(new Listing(), "list", "here"));
    assertEquals(Program.REFUSED, run(new Listing(), "list", "here", "there"));
    assertTrue(err.toString().contains("no place for \"there\""), err.toString());
  }
}
