package dev.mixwell.shard;

/**
 * A Megatron {@code .idx} file, which makes a {@code .bin} of tokens readable for others.
 *
 * <pre>
 * offset     size  what (little-endian, unaligned)
 * 0          9     "MMIDIDX" and two zero bytes
 * 9          8     version, 1
 * 17         1     type of the tokens: 1 uint8, 2 int8, 3 int16, 4 int32, 5 int64, 8 uint16
 * 18         8     S, the number of sequences
 * 26         8     D, the number of documents + 1
 * 34         4 S   length of each sequence in tokens
 * 34 +  4 S  8 S   offset of each sequence in the .bin in bytes
 * 34 + 12 S  8 D   first sequence of each document; the last entry is S
 * </pre>
 *
 * Source: NVIDIA Megatron-LM, megatron/core/datasets/indexed_dataset.py.
 */
public final class MegatronLayout {
  public static final long VERSION = 1;
  private static final byte[] MAGIC = {'M', 'M', 'I', 'D', 'I', 'D', 'X', 0, 0};
  public static final int VERSION_OFFSET = MAGIC.length;
  public static final int TYPE_OFFSET = VERSION_OFFSET + Long.BYTES;
  public static final int SEQUENCES_OFFSET = TYPE_OFFSET + 1;
  public static final int DOCUMENTS_OFFSET = SEQUENCES_OFFSET + Long.BYTES;
  public static final int HEADER_BYTES = DOCUMENTS_OFFSET + Long.BYTES;
  public static final int CODE_INT32 = 4;
  public static final int CODE_UINT16 = 8;

  private MegatronLayout() {}

  public static byte[] magic() {
    return MAGIC.clone();
  }
}
