package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.BatchHeaders;
import dev.mixwell.base.Json;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesTest {
  private static final List<String> TYPES =
      List.of(BatchHeaders.SAFETENSORS, BatchHeaders.OCTET_STREAM, BatchHeaders.JSON);

  @TempDir Path directory;
  private ServerFixture fixture;
  private String attempt;

  @BeforeEach
  void openRun() throws IOException {
    fixture = ServerFixture.start(directory);
    fixture.createRun("demo");
    attempt = fixture.openAttempt("demo");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void severalBatchesAreTheBytesOfTheirOwnAddresses() throws IOException {
    for (String type : TYPES) {
      var all = get(attempt + "/batches?from=0&count=3&rank=1", type);
      assertEquals(200, all.status(), all.text());
      assertEquals("no-store", all.header("cache-control"));
      assertEquals(
          "false,false,false", all.header(BatchHeaders.EVALUATE_AFTER.toLowerCase(Locale.ROOT)));
      var frames = ByteBuffer.wrap(all.body()).order(ByteOrder.LITTLE_ENDIAN);
      for (int step = 0; step < 3; step++) {
        byte[] frame = new byte[Math.toIntExact(frames.getLong())];
        frames.get(frame);
        assertArrayEquals(
            get(attempt + "/steps/" + step + "/batch?rank=1", type).body(),
            frame,
            type + " " + step);
      }
      assertFalse(frames.hasRemaining());
    }
  }

  @Test
  void onlyTheDecidedPrefixIsSent() throws IOException {
    var all =
        get(
            attempt + "/batches?from=2&count=64&rank=0",
            BatchHeaders.OCTET_STREAM); // lookahead is 4: steps 2 and 3
    assertEquals(2 * (Long.BYTES + bodyOf(0).length), all.body().length);
    var undecided =
        get(attempt + "/batches?from=4&count=1&rank=0&wait=PT0S", BatchHeaders.OCTET_STREAM);
    assertEquals(503, undecided.status());
    assertEquals("1", undecided.header("retry-after"));
    assertEquals(0, Json.tree(undecided.body()).path("missing").path("step").asInt());
  }

  @Test
  void theAcceptedTypeDecidesTheBody() throws IOException {
    var tokens = get(attempt + "/steps/0/batch?rank=0", BatchHeaders.OCTET_STREAM);
    assertEquals("4,33", tokens.header("mixwell-shape"));
    assertEquals("U16", tokens.header("mixwell-dtype"));
    assertEquals(4 * 33 * 2, tokens.body().length);
    assertEquals("Accept", tokens.header("vary"));
    JsonNode json = Json.tree(get(attempt + "/steps/0/batch?rank=0", BatchHeaders.JSON).body());
    var buffer = ByteBuffer.wrap(tokens.body()).order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode row : json.path("tokens"))
      for (JsonNode token : row) assertEquals(buffer.getShort() & 0xffff, token.asInt());
    assertFalse(buffer.hasRemaining());
    assertEquals(
        BatchHeaders.SAFETENSORS,
        get(attempt + "/steps/0/batch?rank=0", "*/*").header("content-type"));
    assertEquals(406, get(attempt + "/steps/0/batch?rank=0", "text/html").status());
  }

  @Test
  void ranksAndTypesHaveTagsOfTheirOwn() throws IOException {
    String first = get(attempt + "/steps/0/batch?rank=0", BatchHeaders.OCTET_STREAM).header("etag");
    assertTrue(first.startsWith("\"") && first.endsWith("\""), first);
    assertNotEquals(
        first, get(attempt + "/steps/0/batch?rank=1", BatchHeaders.OCTET_STREAM).header("etag"));
    assertNotEquals(
        first, get(attempt + "/steps/0/batch?rank=0", BatchHeaders.JSON).header("etag"));
  }

  @Test
  void aBatchIsFencedOnceANewerAttemptOwnsItsStep() throws IOException {
    bodyOf(0);
    fixture.openAttempt("demo");
    var answer = get(attempt + "/steps/0/batch?rank=0", BatchHeaders.OCTET_STREAM);
    assertEquals(409, answer.status());
    assertEquals("urn:mixwell:problem:fenced", Json.tree(answer.body()).path("type").asText());
  }

  @Test
  void aServerThatIsStartedAgainSendsTheSameBytes() throws IOException {
    byte[] before = bodyOf(0);
    fixture.close();
    fixture = ServerFixture.start(directory);
    assertArrayEquals(before, bodyOf(0));
  }

  @Test
  void heldOutRowsAreTheSameEveryTime() throws IOException {
    var all = get("/v1/runs/demo/validation/code", BatchHeaders.OCTET_STREAM);
    assertEquals("2,33", all.header("mixwell-shape"));
    var second = get("/v1/runs/demo/validation/code?from=1&count=1", BatchHeaders.OCTET_STREAM);
    assertArrayEquals(Arrays.copyOfRange(all.body(), 66, 132), second.body());
    assertEquals(404, get("/v1/runs/demo/validation/poems", "*/*").status());
  }

  @Test
  void heldOutRowsBeyondTheValidationRowsAreThereForTests() throws IOException {
    String code = "/v1/runs/demo/validation/code";
    byte[] three = get(code + "?count=3", BatchHeaders.OCTET_STREAM).body();
    var third = get(code + "?from=2&count=1", BatchHeaders.OCTET_STREAM);
    assertArrayEquals(Arrays.copyOfRange(three, 132, 198), third.body());
    assertEquals("1,33", get(code + "?from=2", BatchHeaders.OCTET_STREAM).header("mixwell-shape"));
    assertEquals(404, get(code + "?from=2147483647", "*/*").status());
    assertEquals(404, get(code + "?from=1&count=4096", "*/*").status());
    assertEquals(400, get(code + "?count=4097", "*/*").status());
  }

  private byte[] bodyOf(int step) throws IOException {
    var answer = get(attempt + "/steps/" + step + "/batch?rank=0", BatchHeaders.OCTET_STREAM);
    assertEquals(200, answer.status(), answer.text());
    return answer.body();
  }

  private RawHttp.Answer get(String target, String accept) throws IOException {
    return RawHttp.exchange(fixture.port(), "GET", target, Map.of("Accept", accept), "");
  }
}
