package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.MemoryTimelineStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** While an append hangs, what is published is told, and whoever waits is told in the end. */
final class HangingStoreTest {
  private static final long NOW = 1_000_000;
  private static final SimConfig CONFIG =
      SimConfig.of(
          SimConfig.spec(3, SimConfig.fixed(1, 1, 1), 6, 2, RunSpec.Reporters.REDUCED),
          12,
          SimConfig.Habits.patient(1, true, false),
          1);

  private static final class HangingStore extends MemoryTimelineStore {
    final CountDownLatch hangs = new CountDownLatch(1);
    final CountDownLatch goesOn = new CountDownLatch(1);

    @Override
    public void append(List<Entry> entries) {
      if (size() > 2) {
        hangs.countDown();
        try {
          goesOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      super.append(entries);
    }
  }

  @Test
  void whatIsPublishedIsToldAndWaitsEnd() throws InterruptedException {
    var store = new HangingStore();
    store.append(List.of(new Entry(0, NOW, CONFIG.created())));
    var writer = new RunWriter(store);
    var thread = new WriterThread("demo", writer, () -> NOW);
    try (var patient = new Run("demo", writer, thread, Duration.ofSeconds(60))) {
      patient.open(new AttemptRequest(0, 1, "launch", null));
      patient.issuedStep(0, 0, 0, Duration.ZERO);
      var hasty = new Run("demo", writer, thread, Duration.ZERO);
      Refusal refusal = assertThrows(Refusal.class, () -> hasty.finish("ann", "enough"));
      assertEquals(ProblemType.STORAGE_FAILED, refusal.type());
      store.hangs.await();
      assertEquals(0, patient.mixture().attempt());
      assertEquals(3, patient.mixture().groups().size());
      assertEquals("static", patient.mixerInForce().name());
      assertNotNull(patient.issuedEnd());
      assertNotNull(patient.issuedStep(0, 0, 0, Duration.ZERO));
      store.goesOn.countDown();
    }
  }
}
