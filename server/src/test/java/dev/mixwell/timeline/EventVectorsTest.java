package dev.mixwell.timeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mixwell.base.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is recorded cannot be changed, neither by who recorded it nor by who reads it. */
final class EventVectorsTest {
  private static final double[] VECTOR = {0.25, 0.75};
  private static final long[] COUNTS = {1, 2};

  private static void spoil(double[]... vectors) {
    for (double[] vector : vectors) vector[0] = Double.NaN;
  }

  @Test
  void aDecisionKeepsItsVectors() {
    double[] p = VECTOR.clone();
    double[] weights = VECTOR.clone();
    double[] state = VECTOR.clone();
    var states = new LinkedHashMap<String, double[]>(Map.of("R", state));
    var decided = new Event.Decided("odm", 1, -1, p, weights, states);
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(VECTOR, decided.p());
      assertArrayEquals(VECTOR, decided.lossWeights());
      assertArrayEquals(VECTOR, decided.state().get("R"));
      spoil(p, weights, state, decided.p(), decided.lossWeights(), decided.state().get("R"));
      states.clear();
    }
  }

  @Test
  void aPositionKeepsItsVectors() {
    double[] q = VECTOR.clone();
    long[] rows = COUNTS.clone();
    long[] carry = COUNTS.clone();
    var position = new Event.StepPosition(q, rows, carry);
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(VECTOR, position.q());
      assertArrayEquals(COUNTS, position.rows());
      assertArrayEquals(COUNTS, position.carry());
      spoil(q, position.q());
      rows[0] = carry[0] = position.rows()[0] = position.carry()[0] = 9;
    }
  }

  @Test
  void aStateIsRecordedInItsOwnOrder() {
    var states = new LinkedHashMap<String, double[]>();
    for (String name : List.of("score", "average", "p")) states.put(name, VECTOR);
    var decided = new Event.Decided("doge", 1, -1, VECTOR, null, states);
    assertEquals(
        "{\"mixer\":\"doge\",\"version\":1,\"operation\":-1,\"p\":[0.25,0.75],\"state\":"
            + "{\"score\":[0.25,0.75],\"average\":[0.25,0.75],\"p\":[0.25,0.75]}}",
        Json.write(decided));
  }
}
