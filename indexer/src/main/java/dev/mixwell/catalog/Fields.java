package dev.mixwell.catalog;

import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;

/**
 * The fields of the Lucene index. A metadata key has a field for each kind of its values, so that
 * Lucene's demand for one type a field never meets what people write into their metadata.
 */
final class Fields {
  static final String DIRECTORY = "catalog";
  static final String CONTENT_SHA256 = "contentSha256"; // in the commit's user data

  static final String SHARD = "#shard";
  static final String ORDINAL = "#ordinal";
  static final String START = "#start";
  static final String LENGTH = "#length";
  static final String TEXT_BYTES = "#textBytes"; // where there are any
  static final String ID_HASH = "#idHash";
  static final String ID = "#id";
  static final String METADATA = "#metadata";
  static final String KEY = "#key";

  private static final String TEXT = "t:";

  /** Lucene takes no longer terms. */
  static final int MAX_KEYWORD_BYTES = 32_766;

  static final Sort MANIFEST_ORDER =
      new Sort(
          new SortField(SHARD, SortField.Type.LONG), new SortField(ORDINAL, SortField.Type.LONG));

  private Fields() {}

  static String keyword(String key) {
    return "k:" + key;
  }

  static String whole(String key) {
    return "w:" + key;
  }

  static String decimal(String key) {
    return "d:" + key;
  }

  /** Ranges of microseconds since 1970, beside the keyword. */
  static String time(String key) {
    return "i:" + key;
  }

  /** The words of texts in one language. */
  static String text(String language) {
    return TEXT + language;
  }

  static boolean isText(String field) {
    return field.startsWith(TEXT);
  }
}
