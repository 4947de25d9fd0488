package dev.mixwell.catalog;

import org.apache.lucene.codecs.PostingsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104PostingsFormat;

/** Lucene's own codec, with the words of texts in files of their own; it is read as Lucene's. */
final class CatalogCodec extends Lucene104Codec {
  private final PostingsFormat keys = new Lucene104PostingsFormat();
  private final PostingsFormat texts = new Lucene104PostingsFormat();

  @Override
  public PostingsFormat getPostingsFormatForField(String field) {
    return Fields.isText(field) ? texts : keys;
  }
}
