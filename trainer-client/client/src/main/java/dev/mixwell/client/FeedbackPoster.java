package dev.mixwell.client;

import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupAlignment;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.base.ProblemType;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Posts an attempt's feedback in order, behind the training thread's back, on a virtual thread of
 * its own.
 *
 * <p>{@link #settle} is the checkpoint's guard: once it returns, every post so far is recorded
 * (2xx), or its step was closed without it (409 {@code step-closed}). Losses that no mixer can use
 * travel as empty {@code groups}, which is the contract's way to say so. Owned by the training
 * thread; close it when done.
 */
public final class FeedbackPoster implements AutoCloseable {
  private static final int MAX_WAITING = 64;

  private record Post(long step, FeedbackRequest feedback) {}

  private final AttemptClient attempt;
  private final BlockingQueue<Post> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Object settling = new Object(); // guards the next two
  private int unsettled;
  private @Nullable RuntimeException failure;
  private final Thread poster;

  public FeedbackPoster(AttemptClient attempt) {
    this.attempt = attempt;
    poster = Thread.ofVirtual().name("mixwell-feedback").start(this::deliverAll);
  }

  /**
   * Hands over a post; waits only where many are under way.
   *
   * @throws ProblemException why an earlier post could not be delivered, {@code fenced} among them
   */
  public void post(long step, FeedbackRequest feedback) throws InterruptedException {
    synchronized (settling) {
      if (failure != null) throw failure;
      unsettled++;
    }
    waiting.put(new Post(step, usable(feedback)));
  }

  /** Returns when all feedback handed over so far is settled; throws as {@link #post} does. */
  public void settle() throws InterruptedException {
    synchronized (settling) {
      while (unsettled > 0 && failure == null) settling.wait();
      if (failure != null) throw failure;
    }
  }

  /** Numbers that JSON cannot carry or no mixer may see become "nothing usable". */
  private static FeedbackRequest usable(FeedbackRequest feedback) {
    boolean isUsable = feedback.groups().values().stream().allMatch(FeedbackPoster::isFinite);
    return isUsable ? feedback : nothing(feedback);
  }

  private static boolean isFinite(GroupFeedback group) {
    GroupAlignment alignment = group.alignment();
    if (alignment == null) return Double.isFinite(group.lossSum());
    Map<String, Double> gram = alignment.gram();
    Double score = alignment.score();
    return Double.isFinite(alignment.norm())
        && (score == null || Double.isFinite(score))
        && (gram == null || gram.values().stream().allMatch(Double::isFinite));
  }

  private static FeedbackRequest nothing(FeedbackRequest feedback) {
    return new FeedbackRequest(feedback.kind(), feedback.rank(), Map.of());
  }

  private void deliverAll() {
    try {
      while (true) {
        Post post = waiting.take();
        RuntimeException failed = hasFailed() ? null : deliver(post);
        synchronized (settling) {
          if (failed != null) failure = failed;
          unsettled--;
          settling.notifyAll();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasFailed() {
    synchronized (settling) {
      return failure != null;
    }
  }

  /** Returns why the post could not be delivered; null if it was. */
  private @Nullable RuntimeException deliver(Post post) {
    try {
      try {
        attempt.post(post.step, post.feedback);
      } catch (ProblemException e) {
        if (!e.is(ProblemType.BAD_FEEDBACK) || post.feedback.groups().isEmpty()) throw e;
        attempt.post(post.step, nothing(post.feedback));
      }
      return null;
    } catch (ProblemException e) {
      return e.is(ProblemType.STEP_CLOSED) ? null : e;
    } catch (RuntimeException e) {
      return e;
    } catch (Error e) { // whoever settles must learn of it, whatever it is
      return new IllegalStateException("posting stopped: " + e, e);
    }
  }

  /** Stops at once; call {@link #settle} before, where posts matter. */
  @Override
  public void close() {
    poster.interrupt();
  }
}
