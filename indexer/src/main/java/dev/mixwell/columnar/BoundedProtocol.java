package dev.mixwell.columnar;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * Thrift's structures in Parquet, none of them longer than what is left of the bytes; an element of
 * a list takes one at least.
 */
final class BoundedProtocol extends TCompactProtocol {
  private final InputStream bytes;

  private BoundedProtocol(InputStream bytes, int sizeBytes) throws TException {
    super(
        new TIOStreamTransport(
            TConfiguration.custom().setMaxMessageSize(Math.max(1, sizeBytes)).build(), bytes));
    this.bytes = bytes;
  }

  /**
   * @param bytes that know how many of them are left
   */
  static BoundedProtocol of(InputStream bytes) throws TException, IOException {
    return new BoundedProtocol(bytes, bytes.available());
  }

  static BoundedProtocol of(byte[] bytes) throws TException {
    return new BoundedProtocol(new ByteArrayInputStream(bytes), bytes.length);
  }

  @Override
  public TList readListBegin() throws TException {
    TList list = super.readListBegin();
    int left;
    try {
      left = bytes.available();
    } catch (IOException e) {
      throw new TException(e);
    }
    if (list.size > left)
      throw new TException(
          "a list would have %,d elements in %,d bytes".formatted(list.size, left));
    return list;
  }
}
