package dev.mixwell.catalog;

import java.io.IOException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.jspecify.annotations.Nullable;

/** Reads where documents lie, in the order of their numbers. Owned by one thread. */
final class LocationReader {
  private final NumericDocValues shards;
  private final NumericDocValues ordinals;
  private final NumericDocValues starts;
  private final NumericDocValues lengths;
  private final NumericDocValues idHashes;
  private final @Nullable NumericDocValues textBytes;

  LocationReader(LeafReader segment) throws IOException {
    shards = values(segment, Fields.SHARD);
    ordinals = values(segment, Fields.ORDINAL);
    starts = values(segment, Fields.START);
    lengths = values(segment, Fields.LENGTH);
    idHashes = values(segment, Fields.ID_HASH);
    textBytes = segment.getNumericDocValues(Fields.TEXT_BYTES);
  }

  CatalogContent.Location at(int document) throws IOException {
    return new CatalogContent.Location(
        (int) value(shards, document),
        value(ordinals, document),
        value(starts, document),
        value(lengths, document),
        value(idHashes, document));
  }

  /** As {@link #at}, without an object. */
  void visit(int document, DocumentVisitor visitor) throws IOException {
    visitor.visit(
        (int) value(shards, document),
        value(ordinals, document),
        value(starts, document),
        value(lengths, document),
        value(idHashes, document));
  }

  long lengthAt(int document) throws IOException {
    return value(lengths, document);
  }

  /** The UTF-8 bytes of its text. */
  long textBytesAt(int document) throws IOException {
    return textBytes != null && textBytes.advanceExact(document) ? textBytes.longValue() : 0;
  }

  private static NumericDocValues values(LeafReader segment, String field) throws IOException {
    NumericDocValues values = segment.getNumericDocValues(field);
    if (values == null) throw new CorruptIndexException("no field " + field, segment.toString());
    return values;
  }

  private static long value(NumericDocValues values, int document) throws IOException {
    if (!values.advanceExact(document))
      throw new CorruptIndexException("a document without its location", "document " + document);
    return values.longValue();
  }
}
