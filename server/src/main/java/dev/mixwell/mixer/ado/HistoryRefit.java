package dev.mixwell.mixer.ado;

import dev.mixwell.mixer.Observation;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Laws fitted to all losses since the mixer took effect, read back from the run's record. A group
 * that was seen too late or too seldom gets none.
 *
 * @param ownRows whether n is each group's own rows; else all groups' n is that of the batches
 */
record HistoryRefit(
    SavitzkyGolay filter, LossCurves.Sampling sampling, LawObjective.Terms terms, boolean ownRows)
    implements Refit {
  @Override
  public SortedMap<Integer, ScalingLaw> laws(Observation seen, double[] n) {
    var curves = new LossCurves(n.length, filter, sampling, seen.t(), ownRows);
    seen.history().read(1, seen.t(), curves);
    curves.end();
    var laws = new TreeMap<Integer, ScalingLaw>();
    for (int i = 0; i < n.length; i++) {
      LawObjective objective = curves.objective(i, n[i], terms);
      if (objective != null) laws.put(i, ScalingLawFit.best(objective));
    }
    return laws;
  }
}
