package dev.mixwell.fold;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a run, in order: each forks from its parent at fromStep; nothing rewinds. Owned
 * by the run's writer.
 */
public final class Attempts {
  private final List<Attempt> all = new ArrayList<>();
  private final Map<String, Attempt> byLaunch = new TreeMap<>();

  public List<Attempt> all() {
    return Collections.unmodifiableList(all);
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** The newest attempt; there must be one. */
  public Attempt newest() {
    return all.getLast();
  }

  /**
   * @throws Refusal {@code attempt-not-found}
   */
  public Attempt get(int number) {
    return numbered(all, number);
  }

  /**
   * The attempt of a number, whatever stands for attempts in a list of all of them.
   *
   * @throws Refusal {@code attempt-not-found}
   */
  public static <A> A numbered(List<A> attempts, int number) {
    if (number < 0 || number >= attempts.size())
      throw new Refusal(
          ProblemType.ATTEMPT_NOT_FOUND,
          "There is no attempt "
              + number
              + "; this run has "
              + attempts.size()
              + ". Open one first.");
    return attempts.get(number);
  }

  public @Nullable Attempt byLaunch(String launchId) {
    return byLaunch.get(launchId);
  }

  /** Opens the attempt and supersedes all before it. */
  Attempt open(Event.AttemptOpened opened, long sequence) {
    for (Attempt a : all) a.superseded(opened.fromStep(), sequence);
    Attempt parent = opened.parent() == null ? null : all.get(opened.parent());
    var attempt =
        new Attempt(opened.attempt(), opened.fromStep(), opened.world(), opened.launchId(), parent);
    all.add(attempt);
    byLaunch.put(opened.launchId(), attempt);
    return attempt;
  }

  /**
   * The attempt that a launch continues: the one it names, or the newest that issued fromStep - 1
   * if all such agree on who owns that step.
   */
  public @Nullable Attempt parentFor(AttemptRequest request) {
    long from = request.fromStep();
    if (request.parent() != null) {
      Attempt named = get(request.parent());
      if (named.upTo() < from)
        throw notReached("Attempt " + named.number() + " issued steps below " + named.upTo(), from);
      return named;
    }
    Attempt newest = null;
    var owners = new TreeSet<Integer>();
    for (Attempt a : all) {
      if (a.upTo() < from) continue;
      newest = a;
      if (from > 0) owners.add(a.owner(from - 1).number());
    }
    if (owners.size() > 1)
      throw new Refusal(
              ProblemType.PARENT_AMBIGUOUS,
              "Step "
                  + (from - 1)
                  + " was issued by attempts "
                  + owners
                  + "; send the attempt that the checkpoint stores as `parent`.")
          .with("candidates", List.copyOf(owners));
    if (newest == null && from > 0) throw notReached("No attempt", from);
    return newest;
  }

  private static Refusal notReached(String who, long from) {
    return new Refusal(
            ProblemType.PARENT_NOT_REACHED,
            who
                + ", so nothing can continue from step "
                + from
                + ": start from a checkpoint of this run, or from step 0.")
        .with("fromStep", from);
  }
}
