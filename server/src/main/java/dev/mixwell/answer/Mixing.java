package dev.mixwell.answer;

import dev.mixwell.api.MixtureAnswer;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.sampler.Position;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the newest attempt of a run stands, as published: any thread makes the answer of it.
 * Immutable.
 *
 * @param attempt its number; null before any
 * @param upTo steps below are issued
 * @param firstUndecided or upTo + issueAhead + 1, if that comes first
 * @param mixer the name of the one in force at upTo
 * @param last the plan of the last issued step; null before any, or if nobody can say
 */
public record Mixing(
    @Nullable Integer attempt,
    long upTo,
    long firstUndecided,
    String mixer,
    @Nullable StepPlan last) {
  /** Stands in an answer where there is no attempt, or no step. */
  private static final int NONE = -1;

  public MixtureAnswer answer(Event.RunCreated created) {
    int number = attempt == null ? NONE : attempt;
    if (last == null)
      return new MixtureAnswer(number, NONE, upTo, firstUndecided, mixer, List.of());
    return new MixtureAnswer(
        number,
        last.step(),
        upTo,
        firstUndecided,
        last.installation().mixer().name(),
        shares(last, created));
  }

  private static List<MixtureAnswer.Share> shares(StepPlan plan, Event.RunCreated created) {
    Position after = plan.units().after();
    var shares = new ArrayList<MixtureAnswer.Share>();
    for (int i = 0; i < created.groups().size(); i++) {
      Event.PinnedGroup group = created.groups().get(i);
      shares.add(
          new MixtureAnswer.Share(
              group.name(),
              plan.proposal().p().share(i),
              plan.q().share(i),
              after.rows(i),
              after.askedRows(i, created.spec().unitRows()),
              (double) after.rows(i) / group.rows()));
    }
    return shares;
  }
}
