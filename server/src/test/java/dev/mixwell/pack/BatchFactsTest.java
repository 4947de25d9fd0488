package dev.mixwell.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchFactsTest {
  @Test
  void nobodyChangesTheWeightsOfABody() {
    double[] weights = {0.5, 1.5};
    var facts = new BatchFacts("demo", 0, 3, 0, List.of("a", "b"), "doremi", "excess", weights);
    weights[0] = 9;
    facts.lossWeights()[1] = 9;
    assertEquals("[0.5,1.5]", facts.metadata().get("lossWeights"));
  }
}
