package dev.mixwell.client;

import dev.mixwell.base.ProblemType;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * An attempt's batches in order, pulled ahead of the trainer by a virtual thread of this stream.
 * Pulling never holds up a post: the two share nothing.
 *
 * <p>At most {@code prefetch} batches are here or under way beyond the one that {@link #next} gave
 * out. Keep it below the run's lookahead L: pulls of later steps only wait. Owned by the training
 * thread; close it when done.
 */
public final class BatchStream implements AutoCloseable {
  /** What the trainer is to do next. */
  public sealed interface Next {
    record Train(Batch batch) implements Next {}

    /**
     * Nothing can be served before validation losses of the model as it stands are posted for this
     * step, which no batch's header had announced. Once they are, ask again.
     */
    record Evaluate(long step) implements Next {}
  }

  /**
   * How long the server holds a pull. Short, since the trainer may be the one who is waited for and
   * learns it only afterwards.
   */
  private static final Duration WAIT = Duration.ofSeconds(10);

  private record Arrival(@Nullable Next next, @Nullable RuntimeException failure) {}

  private final AttemptClient attempt;
  private final int rank;
  private final long toStep;
  private final Semaphore ahead;
  private final BlockingQueue<Arrival> arrivals;
  private final Thread puller;
  private boolean isAskedFor; // whether the next batch may be pulled beyond those ahead

  /**
   * @param rank the trainer's place among the attempt's ranks
   * @param toStep the first step that is not pulled
   * @param prefetch batches ahead of the one in training, 0 or more
   */
  public BatchStream(AttemptClient attempt, int rank, long toStep, int prefetch) {
    this.attempt = attempt;
    this.rank = rank;
    this.toStep = toStep;
    ahead = new Semaphore(prefetch);
    arrivals =
        new ArrayBlockingQueue<>(
            2 * prefetch + 3); // each pull leaves at most two things, and the last a failure
    puller = Thread.ofVirtual().name("mixwell-batches").start(this::pullAll);
  }

  /**
   * The next thing to do, waiting for it. To be called once for each batch trained and each
   * evaluation asked for.
   *
   * @throws ProblemException as the pull met it, {@code fenced} among them
   * @throws NoSuchElementException if the stream ends here
   */
  public Next next() throws InterruptedException {
    if (!isAskedFor) ahead.release();
    isAskedFor = true;
    Arrival arrival = arrivals.take();
    if (arrival.failure != null) throw arrival.failure;
    if (arrival.next == null) throw new IllegalStateException("an arrival is one of two things");
    isAskedFor = arrival.next instanceof Next.Evaluate;
    return arrival.next;
  }

  private void pullAll() {
    try {
      for (long step = attempt.opened().fromStep(); step < toStep; step++) {
        ahead.acquire();
        arrivals.put(new Arrival(new Next.Train(pull(step)), null));
      }
      arrivals.add(
          new Arrival(null, new NoSuchElementException("the stream ends before step " + toStep)));
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      arrivals.add(new Arrival(null, e));
    } catch (Error e) { // the training thread must learn of it, whatever it is
      arrivals.add(new Arrival(null, new IllegalStateException("pulling stopped: " + e, e)));
    }
  }

  private Batch pull(long step) throws InterruptedException {
    long since = System.nanoTime();
    boolean asked = false;
    for (int failures = 1; ; failures++) {
      try {
        return attempt.batch(step, rank, WAIT);
      } catch (ProblemException e) {
        boolean patient = System.nanoTime() - since < attempt.policy().undecidedFor().toNanos();
        if (!e.is(ProblemType.UNDECIDED) || !patient) throw e;
        if (!asked && e.awaitsValidationAt(step)) {
          arrivals.put(new Arrival(new Next.Evaluate(step), null));
          asked = true;
        }
        MixwellClient.pause(attempt.policy().delayMillis(failures, e.retryAfterMillis()), e);
      }
    }
  }

  /** Stops pulling; what was pulled ahead is dropped, which changes nothing on the server. */
  @Override
  public void close() {
    puller.interrupt();
  }
}
