package dev.mixwell.proofs;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An attempt's clients at work, each on a virtual thread until its connection is lost: ranks that
 * pull, one that reports behind rank 0, an operator that swaps the mixer.
 */
final class Load implements AutoCloseable {
  private static final List<String> MIXERS =
      List.of(
          "{\"name\": \"odm\"}",
          "{\"name\": \"odm\", \"parameters\": {\"variant\": \"reference\"}}",
          "{\"name\": \"static\", \"parameters\": {\"weights\": {\"prose\": 3, \"code\": 1}}}");
  private static final long HANG_SECONDS = 90;
  private static final int STEPS_BETWEEN_SWAPS = 20;

  private static final String NOTHING_USABLE = "{\"kind\": \"train\", \"groups\": {}}";

  private interface Client {
    void work() throws Exception;
  }

  private final Trainer trainer;
  private final Acknowledged acknowledged;
  private final long fromStep;
  private final BlockingQueue<Long> trained = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> posted = new LinkedBlockingQueue<>();
  private final Queue<Thread> clients = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final CountDownLatch pulled = new CountDownLatch(1);

  Load(
      Trainer trainer,
      int ranks,
      long fromStep,
      Acknowledged acknowledged,
      SplittableRandom random) {
    this.trainer = trainer;
    this.acknowledged = acknowledged;
    this.fromStep = fromStep;
    for (int r = 0; r < ranks; r++) {
      int rank = r;
      var own = random.split();
      start(() -> pull(rank, own));
    }
    var reporters = random.split();
    var operators = random.split();
    start(() -> report(reporters));
    start(() -> operate(operators));
  }

  private void start(Client client) {
    clients.add(
        Thread.startVirtualThread(
            () -> {
              try {
                client.work();
              } catch (IOException | InterruptedException lost) {
                // The server was killed: what this client was doing has no answer.
              } catch (Throwable failure) {
                failures.add(failure);
                pulled.countDown();
              }
            }));
  }

  private void pull(int rank, SplittableRandom random) throws Exception {
    for (long step = fromStep; ; ) {
      String format = Trainer.FORMATS.get(random.nextInt(Trainer.FORMATS.size()));
      var answer = trainer.pull(step, rank, format);
      if (answer.problem().equals("undecided")) continue;
      acknowledged.pulled(trainer, step, rank, format, answer.expect(200));
      pulled.countDown();
      if (rank == 0) trained.add(step);
      step++;
    }
  }

  /** Posts in order, some twice at once, and some that say that nothing is usable. */
  private void report(SplittableRandom random) throws Exception {
    while (true) {
      long step = trained.take();
      String payload = step % 10 == 3 ? NOTHING_USABLE : trainer.feedback(step);
      trainer.post(step, payload).expect(200);
      acknowledged.posted(step, payload);
      posted.add(step);
      if (random.nextInt(10) == 0) trainer.post(step, payload).expect(200);
    }
  }

  private void operate(SplittableRandom random) throws Exception {
    while (true) {
      for (int i = random.nextInt(2 * STEPS_BETWEEN_SWAPS); i >= 0; i--) posted.take();
      String tag = trainer.http().get("/v1/runs/r/mixer").expect(200).etag();
      String change =
          "{\"mixer\": %s, \"effective\": \"now\", \"who\": \"proof\", \"why\": \"kills\"}"
              .formatted(MIXERS.get(random.nextInt(MIXERS.size())));
      var answer = trainer.http().send("PUT", "/v1/runs/r/mixer", change, "If-Match", tag);
      acknowledged.swapped(answer.expect(200).json());
    }
  }

  void awaitFirstBody() throws InterruptedException {
    if (!pulled.await(HANG_SECONDS, TimeUnit.SECONDS)) throw new AssertionError("no body came");
    for (Throwable failure : failures) throw new AssertionError(failure);
  }

  /** Waits until every client has met the end of the server, and throws what else they met. */
  void awaitLost() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_SECONDS);
    int waiting = clients.size();
    for (Thread client : clients) {
      // The last two may wait for steps that no rank will pull any more.
      if (waiting-- <= 2) client.interrupt();
      if (!client.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime()))))
        throw new AssertionError("a client hangs after the server was killed");
    }
    for (Throwable failure : failures) throw new AssertionError(failure);
  }

  @Override
  public void close() {
    clients.forEach(Thread::interrupt);
  }
}
