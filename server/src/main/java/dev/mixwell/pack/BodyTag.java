package dev.mixwell.pack;

import dev.mixwell.base.Sha256;
import dev.mixwell.group.GroupRows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Tags bodies by all that determines them instead of by their bytes, which would cost as much again
 * as copying them: the index, the groups' extents, the row length; then the format, what the body
 * says of itself, and each row's group and ordinal. Immutable.
 */
final class BodyTag {
  private static final int TAG_HEX_DIGITS = 32;
  private static final int ROW_BYTES = Integer.BYTES + Long.BYTES;

  private final byte[] streams;

  BodyTag(String datasetSha256, List<GroupRows> groups) {
    var text = new StringBuilder(datasetSha256);
    for (GroupRows g : groups)
      text.append('\n')
          .append(g.rowTokens())
          .append(' ')
          .append(g.group().training().sha256())
          .append(' ')
          .append(g.group().heldOut().sha256())
          .append(g.isPacked() ? " packed" : ""); // by a rule that knows no other input
    streams =
        HexFormat.of().parseHex(Sha256.of(text.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * @param facts that the body holds beside the rows; empty for none
   */
  String of(RowSelection selection, byte[] facts, BodyFormat format) {
    var input =
        ByteBuffer.allocate(streams.length + 2 + facts.length + ROW_BYTES * selection.rows());
    input
        .put(streams)
        .put((byte) format.code())
        .put((byte) (selection.heldOut() ? 1 : 0))
        .put(facts);
    for (int row = 0; row < selection.rows(); row++)
      input.putInt(selection.groupIndexes()[row]).putLong(selection.ordinals()[row]);
    return Sha256.of(input.array()).substring(0, TAG_HEX_DIGITS);
  }
}
