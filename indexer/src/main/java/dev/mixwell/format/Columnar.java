package dev.mixwell.format;

import java.io.IOException;

/** Hugging Face's Arrow and Parquet. */
final class Columnar implements Format {
  static final String ARROW = ".arrow";
  static final String PARQUET = ".parquet";
  static final String STATE = "state.json";

  @Override
  public String name() {
    return "columnar";
  }

  static boolean recognises(byte[] head) {
    return head.length < 0;
  }

  @Override
  public void read(DataSet data, Stated stated, Sink sink) throws IOException {
    throw Faults.unsupported(data.name(), "columnar files come next");
  }
}
