package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.api.BatchHeaders;
import dev.mixwell.base.Json;
import dev.mixwell.cli.index.Indexing;
import dev.mixwell.http.RawHttp;
import dev.mixwell.http.ServerFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs with both packings on one shard with a loss mask. Every token is its own number, counted
 * from 1, so that a body says by itself what it must be: the mask leaves out what 3 divides, and 0
 * is padding.
 */
class PackedRunsTest {
  private static final int DOCUMENTS = 500;
  private static final int ROW_TOKENS = 32;
  private static final int BATCH_ROWS = 8;

  @TempDir Path directory;
  private final int[] starts = new int[DOCUMENTS + 1]; // the first token of each document
  private ServerFixture fixture;

  @BeforeEach
  void start() throws IOException {
    adopt();
    fixture = ServerFixture.start(directory);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** A shard as datatrove lays it out. */
  private void adopt() throws IOException {
    var random = new SplittableRandom(17);
    starts[0] = 1;
    for (int d = 0; d < DOCUMENTS; d++) starts[d + 1] = starts[d] + random.nextInt(1, 90);
    int tokens = starts[DOCUMENTS] - 1;
    var ids = buffer(tokens * Short.BYTES);
    var mask = buffer(tokens);
    for (int id = 1; id <= tokens; id++) {
      ids.putShort((short) id);
      mask.put((byte) counts(id));
    }
    var ends = buffer(DOCUMENTS * Long.BYTES);
    for (int d = 1; d <= DOCUMENTS; d++) ends.putLong(starts[d] - 1);
    Path shard = directory.resolve("masked.ds");
    Files.write(shard, ids.array());
    Files.write(directory.resolve("masked.ds.index"), ends.array());
    Files.write(directory.resolve("masked.ds.loss"), mask.array());
    String[] command = {
      "adopt",
      shard.toString(),
      "--out",
      directory.resolve("index").toString(),
      "--no-eos",
      "--vocabulary",
      "" + (tokens + 1)
    };
    assertEquals(0, Indexing.run((Object[]) command));
  }

  private static ByteBuffer buffer(int sizeBytes) {
    return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int counts(int id) {
    return id % 3 == 0 ? 0 : 1;
  }

  private int documentOf(int id) {
    int at = Arrays.binarySearch(starts, id);
    return at >= 0 ? at : -at - 2;
  }

  @Test
  void anEpochOfPackedRowsHoldsEveryTokenAndCutsOnlyLongDocuments() throws IOException {
    JsonNode group = create("run", "best-fit").path("groups").get(0);
    String attempt = open("run", 1);
    int rows = group.path("rows").asInt();
    int[] seen = new int[starts[DOCUMENTS]];
    int padding = 0;
    for (int row = 0; row < Math.ceilDiv(rows, BATCH_ROWS) * BATCH_ROWS; row++) {
      String step = attempt + "/steps/" + row / BATCH_ROWS;
      JsonNode batch = pull(attempt, row / BATCH_ROWS, 0);
      JsonNode from = Json.tree(get(step + "/provenance", "*/*").body()).path("rows");
      if (from.get(row % BATCH_ROWS).path("epoch").asInt() > 0) continue; // among the last step's
      int[] tokens = ints(batch.path("tokens").get(row % BATCH_ROWS));
      for (int i = 0; i < tokens.length; i++) {
        if (tokens[i] == 0) padding++;
        else if (i == 0 || tokens[i - 1] != tokens[i] - 1 || isStart(tokens[i]))
          countPiece(tokens, i, seen);
      }
    }
    assertEquals(group.path("packing").path("paddingTokens").asInt(), padding);
    int documents = 0;
    int cut = 0;
    for (int d = 0; d < DOCUMENTS; d++) {
      int length = starts[d + 1] - starts[d];
      int expected = seen[starts[d]];
      for (int id = starts[d]; id < starts[d + 1]; id++)
        assertEquals(expected, seen[id], "token " + id); // 0 where it is held out
      documents += expected;
      if (expected > 0 && length > ROW_TOKENS + 1) cut++;
    }
    assertEquals(group.path("packing").path("documents").asInt(), documents);
    assertEquals(group.path("packing").path("truncatedDocuments").asInt(), cut);
    assertTrue(group.path("packing").path("truncatedByConcat").asInt() > cut);
  }

  private boolean isStart(int id) {
    return starts[documentOf(id)] == id;
  }

  /** Counts the tokens that a piece brings anew: all but the first of one that goes on. */
  private void countPiece(int[] row, int from, int[] seen) {
    int document = documentOf(row[from]);
    int to = from;
    while (to < row.length && row[to] == row[from] + to - from && row[to] < starts[document + 1])
      to++;
    int length = starts[document + 1] - starts[document];
    if (length <= ROW_TOKENS + 1) assertEquals(length, to - from, "a short document was cut");
    for (int i = from; i < to; i++) if (i > from || isStart(row[i])) seen[row[i]]++;
  }

  @Test
  void theMaskAndTheBoundariesOfBothPackingsAreThoseOfTheTokens() throws IOException {
    for (String packing : List.of("concat", "best-fit")) {
      create(packing, packing);
      String attempt = open(packing, 2);
      for (int step = 0; step < 20; step++) {
        JsonNode batch = pull(attempt, step, step % 2);
        var boundaries = new ArrayList<Integer>();
        for (int row = 0; row < batch.path("tokens").size(); row++) {
          int[] tokens = ints(batch.path("tokens").get(row));
          int[] mask = Arrays.stream(tokens).map(id -> id == 0 ? 0 : counts(id)).toArray();
          assertArrayEquals(mask, ints(batch.path("loss_mask").get(row)), packing);
          addBoundaries(tokens, row * ROW_TOKENS, boundaries);
        }
        boundaries.add(batch.path("tokens").size() * ROW_TOKENS);
        assertEquals(boundaries, Arrays.stream(ints(batch.path("cu_seqlens"))).boxed().toList());
        assertTensor(attempt, step, batch);
      }
    }
  }

  private void addBoundaries(int[] row, int at, List<Integer> boundaries) {
    for (int i = 0; i < ROW_TOKENS; i++) {
      boolean isPadding = row[i] == 0;
      boolean begins =
          isPadding ? row[i - 1] != 0 : i == 0 || row[i] != row[i - 1] + 1 || isStart(row[i]);
      if (begins) boundaries.add(at + i);
    }
  }

  /** The mask lies behind all else in a safetensors body. */
  private void assertTensor(String attempt, int step, JsonNode batch) throws IOException {
    byte[] body =
        get(attempt + "/steps/" + step + "/batch?rank=" + step % 2, BatchHeaders.SAFETENSORS)
            .body();
    var bytes = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    int dataAt = Math.toIntExact(8 + bytes.getLong());
    JsonNode tensor = Json.tree(Arrays.copyOfRange(body, 8, dataAt)).path("loss_mask");
    assertEquals("U8", tensor.path("dtype").asText());
    assertArrayEquals(new int[] {4, ROW_TOKENS + 1}, ints(tensor.path("shape")));
    int at = dataAt + tensor.path("data_offsets").get(0).asInt();
    assertEquals(body.length, dataAt + tensor.path("data_offsets").get(1).asInt());
    for (JsonNode row : batch.path("loss_mask"))
      for (JsonNode mark : row) assertEquals(mark.asInt(), body[at++]);
    assertEquals(body.length, at);
  }

  @Test
  void ranksShareTheSameRowsHoweverManyThereAre() throws IOException {
    var expected = new ArrayList<JsonNode>();
    for (int world : new int[] {1, 2, 4, 8}) {
      create("world" + world, "best-fit");
      String attempt = open("world" + world, world);
      for (int step = 0; step < 4; step++) {
        var tokens = new ArrayList<JsonNode>();
        var masks = new ArrayList<JsonNode>();
        for (int rank = 0; rank < world; rank++) {
          JsonNode batch = pull(attempt, step, rank);
          batch.path("tokens").forEach(tokens::add);
          batch.path("loss_mask").forEach(masks::add);
        }
        JsonNode tree = Json.toTree(List.of(tokens, masks));
        if (world == 1) expected.add(tree);
        else assertEquals(expected.get(step), tree, "world " + world);
      }
    }
  }

  @Test
  void heldOutRowsAreCutAndMaskedToo() throws IOException {
    create("run", "best-fit");
    JsonNode rows = Json.tree(get("/v1/runs/run/validation/all", BatchHeaders.JSON).body());
    for (int row = 0; row < 2; row++) {
      int[] tokens = ints(rows.path("tokens").get(row));
      int[] mask = Arrays.stream(tokens).map(PackedRunsTest::counts).toArray();
      assertArrayEquals(mask, ints(rows.path("loss_mask").get(row)));
      assertFalse(Arrays.stream(tokens).anyMatch(id -> id == 0), "no padding");
    }
  }

  @Test
  void provenanceNamesThePiecesAndNoPadding() throws IOException {
    create("run", "best-fit");
    String attempt = open("run", 1);
    JsonNode batch = pull(attempt, 3, 0);
    JsonNode rows = Json.tree(get(attempt + "/steps/3/provenance", "*/*").body()).path("rows");
    for (int row = 0; row < BATCH_ROWS; row++) {
      int[] tokens = ints(batch.path("tokens").get(row));
      int at = 0;
      for (JsonNode piece : rows.get(row).path("pieces")) {
        int first = tokens[at];
        assertEquals(first - 1, piece.path("shardOffsetTokens").asInt());
        assertEquals(first - starts[documentOf(first)], piece.path("documentOffsetTokens").asInt());
        at += piece.path("lengthTokens").asInt();
        assertEquals(documentOf(first), documentOf(tokens[at - 1]));
      }
      while (at < tokens.length) assertEquals(0, tokens[at++]);
    }
  }

  @Test
  void feedbackCountsLabelsUpToWhatRowsHold() throws IOException {
    create("run", "best-fit");
    String attempt = open("run", 1);
    pull(attempt, 0, 0);
    long most = BATCH_ROWS * ROW_TOKENS;
    assertEquals(422, post(attempt, 0, most + 1).status());
    assertEquals(200, post(attempt, 0, most).status());
    pull(attempt, 1, 0);
    assertEquals(200, post(attempt, 1, 0).status(), "no label of its rows counts");
    pull(attempt, 2, 0);
    String missing =
        "{\"kind\": \"train\", \"groups\": {\"other\": {\"lossSum\": 0, \"tokens\": 0}}}";
    assertEquals(422, send("POST", attempt + "/steps/2/feedback", missing).status());
  }

  private RawHttp.Answer post(String attempt, int step, long tokens) throws IOException {
    String feedback =
        "{\"kind\": \"train\", \"groups\": {\"all\": {\"lossSum\": %d, \"tokens\": %d}}}"
            .formatted(tokens, tokens);
    return send("POST", attempt + "/steps/" + step + "/feedback", feedback);
  }

  @Test
  void aServerThatIsStartedAgainSendsTheSameBytesUntilThePlanIsDamaged() throws IOException {
    create("run", "best-fit");
    create("other", "best-fit");
    String attempt = open("run", 1);
    String other = open("other", 1);
    byte[] before = get(attempt + "/steps/0/batch?rank=0", "*/*").body();
    fixture.close();
    fixture = ServerFixture.start(directory);
    assertArrayEquals(before, get(attempt + "/steps/0/batch?rank=0", "*/*").body());
    fixture.close();
    Path plan = directory.resolve("data/runs/run/0000.rows");
    byte[] bytes = Files.readAllBytes(plan);
    bytes[20] ^= 1;
    Files.write(plan, bytes);
    fixture = ServerFixture.start(directory);
    var refused = get(attempt + "/steps/0/batch?rank=0", "*/*");
    JsonNode problem = Json.tree(refused.body());
    assertEquals("urn:mixwell:problem:extents-damaged", problem.path("type").asText());
    assertTrue(problem.path("detail").asText().contains("0000.rows"), problem.toString());
    assertEquals(200, get(other + "/steps/0/batch?rank=0", "*/*").status());
  }

  private JsonNode pull(String attempt, int step, int rank) throws IOException {
    var answer = get(attempt + "/steps/" + step + "/batch?rank=" + rank, BatchHeaders.JSON);
    assertEquals(200, answer.status(), answer.text());
    return Json.tree(answer.body());
  }

  private JsonNode create(String run, String packing) throws IOException {
    String spec =
        """
        {"seed": 7, "groups": [{"name": "all", "query": "*:*"}], "packing": "%s", "mixer": {"name": "static", "parameters": {"weights": {"all": 1}}},
         "batchRows": %d, "rowTokens": %d, "validationRows": 2, "validationShare": 0.1}"""
            .formatted(packing, BATCH_ROWS, ROW_TOKENS);
    var answer = send("PUT", "/v1/runs/" + run, spec);
    assertEquals(201, answer.status(), answer.text());
    return Json.tree(answer.body());
  }

  private String open(String run, int world) throws IOException {
    String launch = "{\"fromStep\": 0, \"world\": %d, \"launchId\": \"%s\"}".formatted(world, run);
    var answer = send("POST", "/v1/runs/" + run + "/attempts", launch);
    assertEquals(200, answer.status(), answer.text());
    return "/v1/runs/" + run + "/attempts/0";
  }

  private RawHttp.Answer get(String target, String accept) throws IOException {
    return RawHttp.exchange(fixture.port(), "GET", target, Map.of("Accept", accept), "");
  }

  private RawHttp.Answer send(String method, String target, String body) throws IOException {
    return RawHttp.exchange(fixture.port(), method, target, Map.of(), body);
  }

  private static int[] ints(JsonNode list) {
    return Json.convert(list, int[].class);
  }
}
