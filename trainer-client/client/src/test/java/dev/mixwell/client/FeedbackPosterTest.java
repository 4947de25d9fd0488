package dev.mixwell.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupAlignment;
import dev.mixwell.api.GroupFeedback;
import dev.mixwell.base.ProblemType;
import dev.mixwell.client.FaultyServer.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FeedbackPosterTest {
  private static FeedbackRequest train(double lossSum) {
    return new FeedbackRequest(
        FeedbackKind.TRAIN, null, Map.of("even", new GroupFeedback(lossSum, 4)));
  }

  private static FeedbackRequest alignment(double product, double norm) {
    var seen = new GroupAlignment(new TreeMap<>(Map.of("even", product)), null, norm);
    return new FeedbackRequest(
        FeedbackKind.ALIGNMENT, null, Map.of("even", new GroupFeedback(0, 0, seen)), 1e-3);
  }

  @Test
  void settledMeansRecordedOnceAndInOrderThoughAnswersAreLost() throws Exception {
    for (int seed = 0; seed < 5; seed++) {
      var random = new SplittableRandom(seed);
      try (var peer = new Peer(Peer.spec(2, 4, 8));
          var client = MixwellClientTest.client(peer)) {
        AttemptClient attempt = MixwellClientTest.open(client, 0);
        attempt.batch(99, 0, Duration.ZERO);
        for (int i = 0; i < 40; i++)
          peer.faults.add(
              random.nextBoolean() ? Fault.NONE : Fault.values()[1 + random.nextInt(3)]);
        try (var poster = new FeedbackPoster(attempt)) {
          for (int step = 0; step < 30; step++) poster.post(step, train(step));
          poster.settle();
          List<Long> steps = peer.posts().stream().map(Peer.Posted::step).toList();
          assertEquals(LongStream.range(0, 30).boxed().toList(), steps, "seed " + seed);
        }
      }
    }
  }

  @Test
  void lossesThatNoMixerMaySeeTravelAsEmptyGroups() throws Exception {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = MixwellClientTest.client(peer)) {
      AttemptClient attempt = MixwellClientTest.open(client, 0);
      attempt.batch(9, 0, Duration.ZERO);
      try (var poster = new FeedbackPoster(attempt)) {
        poster.post(0, train(Double.NaN));
        poster.post(1, train(Double.POSITIVE_INFINITY));
        poster.post(3, alignment(Double.NaN, 1));
        poster.post(4, alignment(1, Double.POSITIVE_INFINITY));
        poster.settle();
        peer.refusesGroups = true;
        poster.post(2, train(1));
        poster.post(5, alignment(1, 1));
        poster.settle();
      }
      assertEquals(6, peer.posts().size());
      assertTrue(peer.posts().stream().allMatch(p -> p.feedback().groups().isEmpty()));
    }
  }

  @Test
  void aClosedStepCountsAsSettled() throws Exception {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = MixwellClientTest.client(peer)) {
      AttemptClient attempt = MixwellClientTest.open(client, 0);
      attempt.batch(9, 0, Duration.ZERO);
      peer.close(0);
      try (var poster = new FeedbackPoster(attempt)) {
        poster.post(0, train(1));
        poster.post(1, train(1));
        poster.settle();
      }
      assertEquals(List.of(1L), peer.posts().stream().map(Peer.Posted::step).toList());
    }
  }

  @Test
  void aFencedPostStopsTheTrainer() throws Exception {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = MixwellClientTest.client(peer)) {
      AttemptClient old = MixwellClientTest.open(client, 0);
      old.batch(9, 0, Duration.ZERO);
      MixwellClientTest.open(client, 1);
      try (var poster = new FeedbackPoster(old)) {
        poster.post(0, train(1));
        var fenced = assertThrows(ProblemException.class, poster::settle);
        assertTrue(fenced.is(ProblemType.FENCED));
        assertThrows(ProblemException.class, () -> poster.post(1, train(1)));
      }
    }
  }

  /** Written as JSON on the poster's thread alone. */
  private static final class Unwritable extends HashMap<String, GroupFeedback> {
    @Override
    public Set<Map.Entry<String, GroupFeedback>> entrySet() {
      throw new OutOfMemoryError("on purpose");
    }
  }

  @Test
  void anErrorWhilePostingIsHeardOfBySettle() throws Exception {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = MixwellClientTest.client(peer)) {
      AttemptClient attempt = MixwellClientTest.open(client, 0);
      attempt.batch(9, 0, Duration.ZERO);
      try (var poster = new FeedbackPoster(attempt)) {
        var groups = new Unwritable();
        groups.put("even", new GroupFeedback(1, 4));
        poster.post(0, new FeedbackRequest(FeedbackKind.TRAIN, null, groups));
        var failed = assertThrows(IllegalStateException.class, poster::settle);
        assertInstanceOf(OutOfMemoryError.class, failed.getCause());
        assertThrows(IllegalStateException.class, () -> poster.post(1, train(1)));
      }
    }
  }
}
