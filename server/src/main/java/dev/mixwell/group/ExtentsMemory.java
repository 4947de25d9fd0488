package dev.mixwell.group;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Extents on the heap. Owned by one thread. */
final class ExtentsMemory implements ExtentsWriter.Target {
  private final ByteArrayOutputStream appended = new ByteArrayOutputStream();

  @Override
  public void append(ByteBuffer bytes) {
    appended.write(bytes.array(), bytes.position(), bytes.remaining());
  }

  @Override
  public MemorySegment bytes(ByteBuffer header) {
    byte[] all = appended.toByteArray();
    header.get(all, 0, ExtentsHeader.SIZE_BYTES);
    return MemorySegment.ofArray(all);
  }

  @Override
  public Extents finish(ExtentsHeader header) {
    return new Extents("(in memory)", null, bytes(header.toBytes()), header);
  }

  @Override
  public void close() {}
}
