package dev.mixwell.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import picocli.CommandLine.Command;

/** Processes that are told to end by a signal. */
@EnabledOnOs(OS.LINUX)
final class SignalTest {
  private static final String READY = "ready";

  /** Waits for ever. */
  @Command(name = "plain")
  static class Plain implements Runnable {
    @Override
    public void run() {
      System.out.println(READY);
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts this one", e);
      }
    }
  }

  @Command(name = "silent")
  static final class Silent extends Plain implements EndsItself {}

  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      new Program(new Plain(), new Silent()).runAndExit(arguments);
    }
  }

  private record Ended(int status, String err) {}

  private static Ended interrupted(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                command)
            .start();
    assertEquals(READY, process.inputReader(StandardCharsets.UTF_8).readLine());
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    byte[] err = process.getErrorStream().readAllBytes();
    return new Ended(process.exitValue(), new String(err, StandardCharsets.UTF_8));
  }

  @Test
  void anInterruptedCommandSaysSoAndEndsWithItsStatus() throws Exception {
    assertEquals(
        new Ended(Program.INTERRUPTED, "mixwell plain: interrupted.\n"), interrupted("plain"));
  }

  @Test
  void oneThatEndsItselfIsLeftToSayWhatItWants() throws Exception {
    assertEquals(new Ended(Program.INTERRUPTED, ""), interrupted("silent"));
  }
}
