package dev.mixwell.mixer.aioli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.mixer.rules.Egd;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AioliTest {
  /** Not symmetric: a transposed law would show. */
  private static final double[][] LAW = {{0.5, 0.1, -0.2}, {0.3, 0.4, 0.0}, {0.05, 0.2, 0.9}};

  private static final Map<String, Object> SMALL =
      Map.of("roundSteps", 30, "sweeps", 2, "segmentSteps", 3);

  private static Aioli aioli(Map<String, Object> more, String... groups) {
    var parameters = new TreeMap<String, Object>(SMALL);
    parameters.putAll(more);
    var names = groups.length == 0 ? List.of("a", "b", "c") : List.of(groups);
    var context = new MixerContext(5, names, new long[names.size()], 16, 8, 4);
    return (Aioli) Mixers.create(new MixerSpec("aioli", parameters), context);
  }

  /**
   * Folds the boundaries of steps [from, to) of a world that follows the law.
   *
   * @param rows served in the segment that ends at an offset
   * @param lost offset of the boundary nobody posts; -1 for none
   */
  private static Decision train(
      Aioli mixer, Decision start, long from, long to, LongFunction<long[]> rows, long lost) {
    Decision decided = start;
    double[] losses = {5, 6, 7};
    long[] none = new long[3];
    boolean first = true;
    for (long offset = from; offset < to; offset++) {
      if (!mixer.isBoundary(offset)) continue;
      long[] served = first ? none : rows.apply(offset);
      first = false;
      fall(losses, served);
      long[] tokens = offset == lost ? none : new long[] {1, 1, 1};
      decided =
          mixer.fold(
              decided.state(),
              new Observation(
                  offset + 1, decided.p(), losses.clone(), tokens, served, null, LossHistory.NONE));
    }
    return decided;
  }

  private static void fall(double[] losses, long[] rows) {
    double total = rows[0] + rows[1] + rows[2];
    if (total == 0) return;
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++) losses[i] -= LAW[i][j] * rows[j] / total;
  }

  /** A million rows in the probe's own shares; some others in the main part. */
  private static LongFunction<long[]> nominal(Aioli mixer) {
    return offset -> {
      if (!(mixer.phase(offset - 1) instanceof Phase.Probe probe)) return new long[] {9, 9, 9};
      long[] rows = new long[3];
      for (int i = 0; i < 3; i++) rows[i] = Math.round(probe.p().share(i) * 1_000_000);
      return rows;
    };
  }

  private static double[] flat(double[][] matrix) {
    return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] p(double[] from, double[] g, double eta) {
    return Egd.step(from, g, eta, 0);
  }

  private static double[] columnSums(double[][] law) {
    double least = Arrays.stream(flat(law)).min().orElseThrow();
    double[] sums = new double[3];
    double sum = 0;
    for (double[] row : law)
      for (int j = 0; j < 3; j++) {
        sums[j] += row[j] - Math.min(0, least);
        sum += row[j] - Math.min(0, least);
      }
    for (int j = 0; j < 3; j++) sums[j] /= sum;
    return sums;
  }

  @Test
  void aRoundFindsTheLawThatTheLossesFollow() {
    Aioli mixer = aioli(Map.of());
    Decision decided = train(mixer, mixer.start(null), 0, 30, nominal(mixer), -1);
    assertArrayEquals(flat(LAW), decided.state().vector("A"), 1e-5);
    double third = 1.0 / 3;
    assertArrayEquals(
        p(new double[] {third, third, third}, columnSums(LAW), 0.2), decided.p().toArray(), 1e-6);
  }

  @Test
  void probesThatWereServedOtherwiseAreSolvedForWhatTheyWere() {
    Aioli mixer = aioli(Map.of());
    LongFunction<long[]> lopsided =
        offset -> {
          long[] rows = nominal(mixer).apply(offset);
          rows[0] += rows[2] / 2;
          return rows;
        };
    Decision decided = train(mixer, mixer.start(null), 0, 30, lopsided, -1);
    assertArrayEquals(flat(LAW), decided.state().vector("A"), 1e-9);
  }

  @Test
  void probesThatDoNotDetermineTheLawChangeNothing() {
    Aioli mixer = aioli(Map.of());
    Decision start = mixer.start(null);
    Decision decided = train(mixer, start, 0, 30, offset -> new long[] {4, 4, 8}, -1);
    assertEquals(start.p(), decided.p());
    assertEquals(0, decided.state().scalar("decided"));
  }

  @Test
  void aLostBoundaryCostsTheSegmentsOnBothItsSides() {
    Aioli mixer = aioli(Map.of());
    Decision decided = train(mixer, mixer.start(null), 0, 30, nominal(mixer), 6);
    double counted = Arrays.stream(decided.state().vector("segments")).sum();
    assertEquals(4, counted, "of six segments");
    boolean anyLost = Arrays.stream(decided.state().vector("segments")).anyMatch(n -> n == 0);
    assertEquals(anyLost ? 0 : 1, decided.state().scalar("decided"));
    if (!anyLost) assertArrayEquals(flat(LAW), decided.state().vector("A"), 1e-5);
  }

  @Test
  void aGroupWithoutASegmentLeavesTheProportionsAsTheyAre() {
    Aioli mixer = aioli(Map.of("sweeps", 1));
    Decision start = mixer.start(null);
    Decision decided = train(mixer, start, 0, 30, nominal(mixer), 3);
    assertEquals(start.p(), decided.p());
    Decision next = train(mixer, decided, 30, 60, nominal(mixer), -1);
    assertArrayEquals(flat(LAW), next.state().vector("A"), 1e-5, "the next round starts anew");
  }

  @Test
  void anAverageDoesNotAddUpOverRoundsAndItsAbsenceDoes() {
    Aioli averaging = aioli(Map.of("gamma", 0.1, "eta", 1));
    Aioli adding = aioli(Map.of("eta", 1));
    Decision average = train(averaging, averaging.start(null), 0, 3_000, nominal(averaging), -1);
    Decision sum = train(adding, adding.start(null), 0, 3_000, nominal(adding), -1);
    assertTrue(ratio(average.p()) <= Math.E, "bounded by e^eta: " + average.p());
    assertTrue(ratio(sum.p()) > 10, "100 rounds: " + sum.p());
    double third = 1.0 / 3;
    assertArrayEquals(
        p(new double[] {third, third, third}, columnSums(LAW), 1), average.p().toArray(), 1e-6);
  }

  private static double ratio(Proportions p) {
    double[] shares = p.toArray();
    return Arrays.stream(shares).max().orElseThrow() / Arrays.stream(shares).min().orElseThrow();
  }

  @Test
  void theDiagonalVariantDividesByTheProbesOwnShare() {
    Aioli mixer = aioli(Map.of("variant", "diagonal"));
    Decision decided = train(mixer, mixer.start(null), 0, 30, nominal(mixer), -1);
    double[] beta = decided.state().vector("beta");
    double[] law = decided.state().vector("A");
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++)
        assertEquals(i == j ? beta[4 * i] / 0.5 : 0, law[3 * i + j], 1e-12); // o = 1/2
  }

  @Test
  void theStaticVariantProbesOnce() {
    var parameters = new MixerSpec("aioli", Map.of("variant", "static"));
    var context = new MixerContext(5, List.of("a", "b"), new long[2], 16, 8, 4);
    Mixer mixer = Mixers.create(parameters, context);
    assertEquals(new Phase.AfterBoundary(32), mixer.phase(32)); // 4 sweeps, 2 groups, 4 steps
    assertEquals(new Phase.AfterBoundary(32), mixer.phase(1L << 39));
    assertFalse(mixer.isBoundary(64));
  }

  @Test
  void aRoundIsProbesThenItsMainPart() {
    Aioli mixer = aioli(Map.of("rounds", 2));
    for (long start : new long[] {0, 30}) {
      int[] probed = new int[3];
      for (long offset = start; offset < start + 18; offset++) {
        var probe = assertInstanceOf(Phase.Probe.class, mixer.phase(offset));
        assertEquals(offset % 3 == 0, probe.segmentStart());
        assertEquals(start, probe.roundStart());
        for (int i = 0; i < 3; i++) if (probe.p().share(i) > 0.4) probed[i]++;
      }
      assertArrayEquals(new int[] {6, 6, 6}, probed);
      for (long offset = start + 18; offset < start + 30; offset++)
        assertEquals(new Phase.AfterBoundary(start + 18), mixer.phase(offset));
      for (long offset = start; offset < start + 30; offset++)
        assertEquals(offset - start <= 18 && offset % 3 == 0, mixer.isBoundary(offset));
    }
    assertEquals(new Phase.AfterBoundary(48), mixer.phase(60), "held after the last round");
    assertFalse(mixer.isBoundary(60));
  }

  @Test
  void itStartsFromUniformAfterServingInitialWeights() {
    Map<String, Object> weights = Map.of("a", 8, "b", 1, "c", 1);
    Aioli mixer = aioli(Map.of("initialWeights", weights, "initialSteps", 10));
    Decision start = mixer.start(null);
    assertArrayEquals(new double[] {0.8, 0.1, 0.1}, start.p().toArray(), 1e-15);
    assertEquals(new Phase.Constant(), mixer.phase(9));
    assertFalse(mixer.isBoundary(9));
    assertTrue(mixer.isBoundary(10));
    assertEquals(10, assertInstanceOf(Phase.Probe.class, mixer.phase(10)).roundStart());
    double third = 1.0 / 3;
    Decision decided = train(mixer, start, 10, 40, nominal(mixer), -1);
    assertArrayEquals(
        p(new double[] {third, third, third}, columnSums(LAW), 0.2), decided.p().toArray(), 1e-6);
  }

  @Test
  void aSwappedInMixerStartsFromTheProportionsInForce() {
    Aioli mixer = aioli(Map.of());
    Proportions current = Proportions.of(0.7, 0.2, 0.1);
    Decision decided = train(mixer, mixer.start(current), 0, 30, nominal(mixer), -1);
    assertArrayEquals(p(current.toArray(), columnSums(LAW), 0.2), decided.p().toArray(), 1e-6);
  }

  @Test
  void theOrderOfProbesBelongsToTheNamesOfTheGroups() {
    Aioli mixer = aioli(Map.of(), "a", "b", "c");
    Aioli turned = aioli(Map.of(), "c", "a", "b");
    for (long offset = 0; offset < 18; offset++) {
      Proportions p = assertInstanceOf(Phase.Probe.class, mixer.phase(offset)).p();
      Proportions q = assertInstanceOf(Phase.Probe.class, turned.phase(offset)).p();
      assertEquals(Proportions.of(p.share(2), p.share(0), p.share(1)), q);
    }
  }

  @Test
  void oneGroupNeedsNoProbes() {
    Aioli mixer = aioli(Map.of(), "only");
    assertNull(mixer.awaits());
    assertEquals(new Phase.Constant(), mixer.phase(5));
    assertFalse(mixer.isBoundary(0));
    assertEquals(Proportions.uniform(1), mixer.start(null).p());
  }

  @Test
  void mistakesInItsParametersAreNamed() {
    assertRefused(Map.of("roundSteps", 18), "`roundSteps` 18", "probe for 18", null);
    assertRefused(Map.of("epsilon", 1), "`epsilon`", "0.999", null);
    assertRefused(Map.of("initialSteps", 5), "`initialSteps`", "`initialWeights`", null);
    assertRefused(
        Map.of("initialWeights", Map.of("a", 1, "b", 1, "c", 1)),
        "`initialSteps`",
        "how many",
        null);
    assertRefused(Map.of("variant", "static"), "`roundSteps`", "static", null);
    assertRefused(Map.of("normalize", "yes"), "`normalize`", "true or false", null);
    String[] many = new String[65];
    Arrays.setAll(many, i -> "g" + i);
    assertRefused(Map.of(), "64", "65", many);
  }

  private static void assertRefused(
      Map<String, Object> parameters, String one, String other, String @Nullable [] groups) {
    var refusal =
        assertThrows(
            Refusal.class, () -> aioli(parameters, groups == null ? new String[0] : groups));
    String text = String.valueOf(refusal.getMessage());
    assertTrue(text.contains(one) && text.contains(other), text);
  }

  @Test
  void aRunWithoutHeldOutRowsCannotHaveIt() {
    var context = new MixerContext(5, List.of("a", "b"), new long[2], 16, 8, 0);
    var refusal =
        assertThrows(Refusal.class, () -> Mixers.create(new MixerSpec("aioli", Map.of()), context));
    assertTrue(String.valueOf(refusal.getMessage()).contains("validationRows"));
  }
}
