package dev.mixwell.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.base.ProblemType;
import dev.mixwell.client.FaultyServer.Fault;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchStreamTest {
  private static final FeedbackRequest TRAIN =
      new FeedbackRequest(FeedbackKind.TRAIN, null, Map.of("even", new GroupFeedback(1, 1)));
  private static final FeedbackRequest VALIDATION =
      new FeedbackRequest(FeedbackKind.VALIDATION, null, Map.of());

  private static Batch trained(BatchStream.Next next) {
    return assertInstanceOf(BatchStream.Next.Train.class, next).batch();
  }

  @Test
  void batchesComeInOrderThoughAnswersAreLost() throws Exception {
    for (int seed = 0; seed < 5; seed++) {
      var random = new SplittableRandom(seed);
      try (var peer = new Peer(Peer.spec(2, 4, 4));
          var client = MixwellClientTest.client(peer)) {
        AttemptClient attempt = MixwellClientTest.open(client, 3);
        peer.awaits = FeedbackKind.TRAIN;
        for (int i = 0; i < 60; i++)
          peer.faults.add(
              random.nextInt(4) > 0 ? Fault.NONE : Fault.values()[1 + random.nextInt(3)]);
        try (var batches = new BatchStream(attempt, 0, 23, random.nextInt(6))) {
          for (long step = 3; step < 23; step++) {
            assertEquals(step, trained(batches.next()).step(), "seed " + seed);
            attempt.post(step, TRAIN);
          }
          assertThrows(NoSuchElementException.class, batches::next);
        }
      }
    }
  }

  @Test
  void noMoreIsPulledThanPrefetchBeyondTheBatchInTraining() throws Exception {
    for (int prefetch = 0; prefetch < 4; prefetch++)
      try (var peer = new Peer(Peer.spec(2, 4, 8));
          var client = MixwellClientTest.client(peer);
          var batches = new BatchStream(MixwellClientTest.open(client, 0), 0, 12, prefetch)) {
        for (long step = 0; step < 12; step++) {
          assertEquals(step, trained(batches.next()).step());
          assertTrue(
              peer.highestPulled() <= step + prefetch, "prefetch " + prefetch + " at step " + step);
        }
      }
  }

  @Test
  void anUnannouncedBoundaryIsHandedToTheTrainerStandingThere() throws Exception {
    for (int prefetch = 0; prefetch < 4; prefetch++)
      try (var peer = new Peer(Peer.spec(2, 4, 8));
          var client = MixwellClientTest.client(peer)) {
        AttemptClient attempt = MixwellClientTest.open(client, 0);
        peer.boundary = step -> step < 4;
        try (var batches = new BatchStream(attempt, 0, 30, prefetch)) {
          for (long step = 0; step < 30; step++) {
            if (step < 4) {
              assertEquals(new BatchStream.Next.Evaluate(step), batches.next());
              attempt.post(step, VALIDATION);
            }
            assertEquals(step, trained(batches.next()).step());
            assertTrue(
                peer.highestPulled() <= step + prefetch,
                "prefetch " + prefetch + " at step " + step);
          }
        }
      }
  }

  @Test
  void aFencedTrainerLearnsItFromItsNextBatch() throws Exception {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = MixwellClientTest.client(peer);
        var batches = new BatchStream(MixwellClientTest.open(client, 0), 0, 100, 0)) {
      batches.next();
      MixwellClientTest.open(client, 1);
      var fenced = assertThrows(ProblemException.class, batches::next);
      assertTrue(fenced.is(ProblemType.FENCED));
    }
  }
}
