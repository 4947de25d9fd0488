package dev.mixwell.pack;

import dev.mixwell.api.ProvenanceAnswer;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.group.GroupRows;
import dev.mixwell.opened.Dataset;
import dev.mixwell.shard.Shard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the bodies of one run. The same rows and facts give the same bytes on every machine. Before
 * tokens are copied, the lengths of the shards are compared and every block that was never read is
 * verified, so that a damaged shard is refused and never served. Immutable and thread-safe; lives
 * as long as the {@link Dataset}.
 */
public final class BatchPacker {
  /** No body is longer. */
  public static final int MAX_BODY_BYTES = 1 << 30;

  private static final byte[] NO_FACTS = {};
  private static final ByteBufAllocator POOL = PooledByteBufAllocator.DEFAULT;

  private final Dataset dataset;
  private final List<GroupRows> groups;
  private final int rowTokens;
  private final boolean isMasked; // whether a token may not count as a label
  private final int padding;
  private final BodyTag tag;
  private final boolean isFetched;

  /**
   * @param groups of the run, in its order; all cut into rows of one length
   */
  public BatchPacker(Dataset dataset, List<GroupRows> groups) {
    this.dataset = dataset;
    this.groups = List.copyOf(groups);
    this.rowTokens = groups.getFirst().rowTokens();
    for (GroupRows g : groups)
      if (g.rowTokens() != rowTokens)
        throw new IllegalArgumentException("rows of different lengths");
    this.isMasked =
        dataset.shards().stream().anyMatch(Shard::hasMask)
            || groups.stream().anyMatch(GroupRows::isPacked);
    Integer endOfDocument = dataset.manifest().tokenizer().endOfDocument();
    this.padding = endOfDocument == null ? 0 : endOfDocument;
    this.tag = new BodyTag(dataset.sha256(), this.groups);
    this.isFetched = dataset.isFetched();
  }

  /**
   * One rank's share of a step.
   *
   * @param groupIndexes of the rows, in the order of the run
   * @param positions each row's cumulative position in its group
   * @throws Refusal shard-damaged, before anything is handed out
   */
  public PackedBatch pack(
      int[] groupIndexes, long[] positions, BatchFacts facts, BodyFormat format) {
    return pack(RowSelection.training(groups, groupIndexes, positions), facts.metadata(), format);
  }

  /**
   * Held-out rows of one group, the same every time. The metadata says {@code run}, {@code groups},
   * {@code split} and {@code from}.
   *
   * @throws Refusal not-found where the group has no such rows; shard-damaged
   */
  public PackedBatch packHeldOut(
      String run, int groupIndex, long from, int count, BodyFormat format) {
    requireHeldOut(groupIndex, from, count);
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("run", run);
    metadata.put("groups", Json.write(groups.stream().map(g -> g.group().name()).toList()));
    metadata.put("split", "validation");
    metadata.put("from", Long.toString(from));
    return pack(RowSelection.heldOut(groups, groupIndex, from, count), metadata, format);
  }

  private void requireHeldOut(int groupIndex, long from, int count) {
    GroupRows group = groups.get(groupIndex);
    if (from < 0 || count < 1 || count > group.heldOutRows() - from)
      throw new Refusal(
          ProblemType.NOT_FOUND,
          "Group `%s` has the held-out rows 0 to %,d; %,d rows from %,d were asked for."
              .formatted(group.group().name(), group.heldOutRows() - 1, count, from));
  }

  /**
   * Verifies the rows of a group at cumulative positions [from, to) and has the machine bring them
   * into memory, which waits for the disk where they are not.
   *
   * @param groupIndex in the order of the run
   * @throws Refusal shard-damaged
   */
  public void read(int groupIndex, long from, long to) {
    var survey = new ReadSurvey(dataset.shards());
    GroupRows group = groups.get(groupIndex);
    for (long position = from; position < to; position++)
      group.pieces(group.ordinal(position), survey);
  }

  /**
   * Begins to fetch what these rows need from behind a network, all of it at once, and does not
   * wait. False where some of it is not here yet.
   */
  public boolean begin(int[] groupIndexes, long[] positions) {
    return !isFetched || begin(RowSelection.training(groups, groupIndexes, positions));
  }

  private boolean begin(RowSelection selection) {
    var survey = new FetchSurvey(dataset.shards());
    for (int row = 0; row < selection.rows(); row++) selection.pieces(row, survey);
    return survey.isNear();
  }

  /**
   * Fetches what these rows need from behind a network and waits for it; for threads whose waiting
   * holds up nobody else.
   *
   * @throws Refusal shard-damaged, shard-unreachable
   */
  public void fetch(int[] groupIndexes, long[] positions) {
    if (isFetched) fetch(RowSelection.training(groups, groupIndexes, positions));
  }

  /** The same for what {@link #packHeldOut} needs. */
  public void fetchHeldOut(int groupIndex, long from, int count) {
    requireHeldOut(groupIndex, from, count);
    if (isFetched) fetch(RowSelection.heldOut(groups, groupIndex, from, count));
  }

  private void fetch(RowSelection selection) {
    if (begin(selection)) return;
    for (int row = 0; row < selection.rows(); row++)
      selection.pieces(
          row, (shard, start, length) -> dataset.shards().get(shard).verify(start, length));
  }

  /** Where the rows at cumulative positions come from. */
  public List<ProvenanceAnswer.Row> provenance(int[] groupIndexes, long[] positions) {
    var rows = new ArrayList<ProvenanceAnswer.Row>();
    for (int i = 0; i < groupIndexes.length; i++)
      rows.add(RowProvenance.of(dataset, groups.get(groupIndexes[i]), positions[i]));
    return List.copyOf(rows);
  }

  private PackedBatch pack(
      RowSelection selection, Map<String, String> metadata, BodyFormat format) {
    checkSize((long) selection.rows() * (rowTokens + 1) * dataset.type().sizeBytes());
    ByteBuf boundaries = POOL.heapBuffer(Integer.BYTES * 4 * (selection.rows() + 1));
    try {
      var survey = new BoundarySurvey(dataset.shards(), rowTokens, boundaries);
      survey.survey(selection, format != BodyFormat.OCTET_STREAM);
      return switch (format) {
        case SAFETENSORS -> {
          SafetensorsLayout layout = layout(selection, boundaries, metadata);
          ByteBuf body = safetensors(layout, selection, survey, boundaries);
          yield packed(body, selection, layout.header(), format);
        }
        case OCTET_STREAM -> packed(tokens(selection, survey), selection, NO_FACTS, format);
        case JSON -> {
          ByteBuf body = json(selection, survey, boundaries, metadata);
          yield packed(body, selection, Json.writeBytes(metadata), format);
        }
      };
    } finally {
      boundaries.release();
    }
  }

  private PackedBatch packed(
      ByteBuf body, RowSelection selection, byte[] facts, BodyFormat format) {
    String etag = tag.of(selection, facts, format);
    return new PackedBatch(body, format, selection.rows(), rowTokens + 1, dataset.type(), etag);
  }

  private SafetensorsLayout layout(
      RowSelection selection, ByteBuf boundaries, Map<String, String> metadata) {
    int count = boundaries.readableBytes() / Integer.BYTES;
    var layout =
        new SafetensorsLayout(
            metadata, dataset.type(), selection.rows(), rowTokens + 1, count, isMasked);
    checkSize(layout.sizeBytes());
    return layout;
  }

  private ByteBuf safetensors(
      SafetensorsLayout layout, RowSelection selection, BoundarySurvey survey, ByteBuf boundaries) {
    return filled(
        (int) layout.sizeBytes(),
        body -> {
          body.writeLongLE(layout.header().length).writeBytes(layout.header());
          writeTokens(selection, survey, body);
          if (layout.groupsFirst()) writeGroups(selection, body);
          body.writeBytes(boundaries);
          if (!layout.groupsFirst()) writeGroups(selection, body);
          if (isMasked) writeMask(selection, survey, body);
        });
  }

  private ByteBuf json(
      RowSelection selection,
      BoundarySurvey survey,
      ByteBuf boundaries,
      Map<String, String> metadata) {
    ByteBuf tokens = tokens(selection, survey);
    ByteBuf mask = isMasked ? mask(selection, survey) : null;
    try {
      return JsonBatch.of(selection, tokens, boundaries, metadata, dataset.type(), rowTokens + 1)
          .withMask(mask)
          .write();
    } finally {
      tokens.release();
      if (mask != null) mask.release();
    }
  }

  private ByteBuf tokens(RowSelection selection, BoundarySurvey survey) {
    return filled(tokensBytes(selection), body -> writeTokens(selection, survey, body));
  }

  private ByteBuf mask(RowSelection selection, BoundarySurvey survey) {
    return filled(selection.rows() * (rowTokens + 1), body -> writeMask(selection, survey, body));
  }

  private interface Filling {
    void fill(ByteBuf body);
  }

  /** A body, given back to the pool if it cannot be filled. */
  private static ByteBuf filled(int sizeBytes, Filling filling) {
    ByteBuf body = POOL.heapBuffer(sizeBytes, sizeBytes);
    boolean done = false;
    try {
      filling.fill(body);
      done = true;
      return body;
    } finally {
      if (!done) body.release();
    }
  }

  private void writeTokens(RowSelection selection, BoundarySurvey survey, ByteBuf body) {
    int start = body.writerIndex();
    var copier =
        new TokenCopier(
            dataset.shards(), dataset.type(), padding, body.array(), body.arrayOffset() + start);
    try {
      copier.copy(selection, rowTokens + 1);
    } finally {
      survey.checkLengths(); // also where the JVM met a page behind the file's end, so that the
      // reason is named
    }
    body.writerIndex(start + tokensBytes(selection));
  }

  private void writeMask(RowSelection selection, BoundarySurvey survey, ByteBuf body) {
    int start = body.writerIndex();
    try {
      new MaskCopier(dataset.shards(), body.array(), body.arrayOffset() + start)
          .copy(selection, rowTokens + 1);
    } finally {
      survey.checkLengths();
    }
    body.writerIndex(start + selection.rows() * (rowTokens + 1));
  }

  private static void writeGroups(RowSelection selection, ByteBuf body) {
    for (int groupIndex : selection.groupIndexes()) body.writeShortLE(groupIndex);
  }

  private int tokensBytes(RowSelection selection) {
    return selection.rows() * (rowTokens + 1) * dataset.type().sizeBytes();
  }

  private static void checkSize(long sizeBytes) {
    if (sizeBytes > MAX_BODY_BYTES)
      throw new Refusal(
          ProblemType.INVALID_RUN,
          "A body of %,d bytes is above the limit of %,d. Use more ranks, or fewer or shorter rows."
              .formatted(sizeBytes, MAX_BODY_BYTES));
  }
}
