package dev.mixwell.format;

import dev.mixwell.base.Refusal;
import java.io.IOException;

/** A format of token shards, or of texts. Stateless. */
public interface Format {
  /** As people call it, in lower case. */
  String name();

  /**
   * Reads a data set: its files in their order, the documents of each in theirs.
   *
   * @throws Refusal shard-damaged, naming the file and the first thing that is wrong; bad-input for
   *     what cannot be served, and for what only the user knows, naming the flag that says it
   */
  void read(DataSet data, Stated stated, Sink sink) throws IOException;
}
