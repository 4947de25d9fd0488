package dev.mixwell.timeline;

import dev.mixwell.api.EventType;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * An entry as a row of the timeline's table: what look-ups ask for in columns, the whole event as
 * JSON. Its hash is the SHA-256 of
 *
 * <pre>
 * offset  bytes
 *      0     32  hash of the row before; zeros for the first
 *     32      8  sequence     integers are big-endian
 *     40      8  at_millis
 *     48      8  attempt      -1 where the event has none
 *     56      8  step         -1 where the event has none
 *     64      8  reporter     -1 where the event has none
 *     72      4  bytes of type, then type in UTF-8
 *             4  bytes of kind, then kind in UTF-8 (empty where the event has none)
 *             4  bytes of payload, then payload in UTF-8
 * </pre>
 */
record EventRow(
    long sequence,
    long atMillis,
    String type,
    long attempt,
    long step,
    long reporter,
    String kind,
    String payload) {
  static final int HASH_BYTES = 32;
  private static final int NONE = -1;

  static final String FEEDBACK = EventType.FEEDBACK.slug();
  static final String STEP_CLOSED = EventType.STEP_CLOSED.slug();
  static final String BOUNDARY_CLOSED = EventType.BOUNDARY_CLOSED.slug();

  /**
   * @throws Refusal {@code storage-failed} if the event is too long to be read back
   */
  static EventRow of(Entry entry) {
    Event event = entry.event();
    byte[] payload = Json.writeBytes(event);
    if (payload.length > Json.MAX_DOCUMENT_BYTES)
      throw new Refusal(
          ProblemType.STORAGE_FAILED,
          "Event %d has %d bytes of JSON; the limit is %d."
              .formatted(entry.sequence(), payload.length, Json.MAX_DOCUMENT_BYTES));
    Key key = key(event);
    String json = new String(payload, StandardCharsets.UTF_8);
    return new EventRow(
        entry.sequence(),
        entry.atMillis(),
        event.type().slug(),
        key.attempt,
        key.step,
        key.reporter,
        key.kind,
        json);
  }

  /**
   * Whether its event is {@link Event#isControl() control}, told without reading the event. One of
   * an unknown type counts as such: {@link #entry} then says what is wrong.
   */
  boolean isControl() {
    EventType known = EventType.bySlug(type);
    return known == null || Event.isControl(known);
  }

  /**
   * @throws Refusal {@code malformed-request} if the payload is no event
   */
  Entry entry() {
    return new Entry(
        sequence, atMillis, Json.read(payload.getBytes(StandardCharsets.UTF_8), Event.class));
  }

  byte[] hash(byte[] previous) {
    MessageDigest digest = Sha256.digest();
    digest.update(previous);
    var numbers = ByteBuffer.allocate(5 * Long.BYTES);
    digest.update(
        numbers
            .putLong(sequence)
            .putLong(atMillis)
            .putLong(attempt)
            .putLong(step)
            .putLong(reporter)
            .flip());
    for (String text : new String[] {type, kind, payload}) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    return digest.digest();
  }

  static String name(FeedbackKind kind) {
    return kind.label();
  }

  /** What look-ups ask for beside the type. */
  private record Key(long attempt, long step, long reporter, String kind) {
    static final Key ABSENT = new Key(NONE, NONE);

    Key(long attempt, long step) {
      this(attempt, step, NONE, "");
    }
  }

  private static Key key(Event event) {
    return switch (event) {
      case Event.RunCreated _, Event.OperationCancelled _, Event.RunFinished _ -> Key.ABSENT;
      case Event.AttemptOpened e -> new Key(e.attempt(), e.fromStep());
      case Event.Issued e -> new Key(e.attempt(), e.upTo());
      case Event.FeedbackPosted e -> new Key(e.attempt(), e.step(), e.reporter(), name(e.kind()));
      case Event.StepClosed e -> new Key(e.attempt(), e.step(), NONE, name(e.kind()));
      case Event.BoundaryClosed e -> new Key(e.attempt(), e.step());
      case Event.Operation e -> new Key(NONE, e.effectiveStep());
    };
  }
}
