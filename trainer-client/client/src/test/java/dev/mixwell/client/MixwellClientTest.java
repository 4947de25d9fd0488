package dev.mixwell.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.client.FaultyServer.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixwellClientTest {
  static final RetryPolicy FAST =
      new RetryPolicy(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(1),
          Duration.ofMillis(4));

  static MixwellClient client(Peer peer) {
    return new MixwellClient(new Transport(peer.uri(), Transport.Limits.DEFAULT), FAST);
  }

  static AttemptClient open(MixwellClient client, long fromStep) {
    return client.run("demo").open(new AttemptRequest(fromStep, 1, "launch-" + fromStep, null));
  }

  @Test
  void lostCutAndBusyAnswersAreAskedForAgain() throws IOException {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = client(peer)) {
      peer.faults.addAll(List.of(Fault.LOST, Fault.CUT, Fault.BUSY, Fault.UNREACHED, Fault.CUT));
      assertEquals(0, open(client, 0).opened().attempt());
      assertEquals(1, peer.attempts().size(), "one launch opens one attempt");
      assertTrue(peer.faults.isEmpty());
    }
  }

  @Test
  void oneConnectionServesRequestAfterRequest() throws IOException {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = client(peer)) {
      AttemptClient attempt = open(client, 0);
      for (int step = 0; step < 20; step++)
        assertEquals(step, attempt.batch(step, 0, Duration.ZERO).step());
      assertEquals(1, peer.connections());
    }
  }

  @Test
  void aProblemSaysWhatTheServerSaid() throws IOException {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = client(peer)) {
      AttemptClient old = open(client, 0);
      open(client, 1);
      var fenced = assertThrows(ProblemException.class, () -> old.batch(0, 0, Duration.ZERO));
      assertTrue(fenced.is(ProblemType.FENCED));
      assertEquals(409, fenced.problem().status());
    }
  }

  @Test
  void triesEndWhereThePolicyEnds() throws IOException {
    var policy =
        new RetryPolicy(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1));
    Transport transport;
    try (var peer = new Peer(Peer.spec(2, 4, 8))) {
      transport = new Transport(peer.uri(), Transport.Limits.DEFAULT);
      peer.faults.add(Fault.BUSY);
      try (var client = new MixwellClient(transport, policy)) {
        var busy = assertThrows(ProblemException.class, () -> client.run("demo").describe());
        assertTrue(busy.is(ProblemType.STORAGE_FAILED));
      }
      transport = new Transport(peer.uri(), Transport.Limits.DEFAULT);
    }
    try (var client = new MixwellClient(transport, policy)) {
      assertThrows(UncheckedIOException.class, () -> client.run("demo").describe());
    }
  }

  @Test
  void aNameThatTheServerWouldRefuseIsRefusedHere() throws IOException {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = client(peer)) {
      for (String name : List.of("", ".hidden", "a/b")) {
        var refused = assertThrows(IllegalArgumentException.class, () -> client.run(name));
        assertTrue(String.valueOf(refused.getMessage()).contains("no leading dot"));
      }
      assertEquals(0, peer.connections());
    }
  }

  @Test
  void heldOutRowsAreThoseAskedFor() throws IOException {
    try (var peer = new Peer(Peer.spec(2, 4, 8));
        var client = client(peer)) {
      Rows rows = client.run("demo").heldOut("odd", 2, 3);
      assertEquals(3, rows.count());
      assertEquals(1, rows.group(0));
    }
  }
}
