package dev.mixwell.pack;

import dev.mixwell.shard.TokenType;
import io.netty.buffer.ByteBuf;

/**
 * A body in a pooled array, which goes back to the pool on {@link #close}: send it before. Owned by
 * one thread.
 */
public final class PackedBatch implements AutoCloseable {
  private final ByteBuf body;
  private final BodyFormat format;
  private final int rows;
  private final int columns;
  private final TokenType type;
  private final String etag;
  private boolean closed;

  PackedBatch(ByteBuf body, BodyFormat format, int rows, int columns, TokenType type, String etag) {
    this.body = body;
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    this.type = type;
    this.etag = etag;
  }

  /** Holds the body at [offset(), offset() + length()); other bodies may lie around it. */
  public byte[] array() {
    return body.array();
  }

  public int offset() {
    return body.arrayOffset() + body.readerIndex();
  }

  public int length() {
    return body.readableBytes();
  }

  public BodyFormat format() {
    return format;
  }

  public int rows() {
    return rows;
  }

  /** Tokens of a row: T + 1. */
  public int columns() {
    return columns;
  }

  /** {@code U16} or {@code I32}. */
  public String dtype() {
    return SafetensorsLayout.dtype(type);
  }

  /**
   * A strong validator, without its quotes: equal bodies of one format have equal tags, other
   * bodies other tags.
   */
  public String etag() {
    return etag;
  }

  /** Closing again does nothing. */
  @Override
  public void close() {
    if (closed) return;
    closed = true;
    body.release();
  }
}
