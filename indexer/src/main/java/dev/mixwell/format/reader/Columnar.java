package dev.mixwell.format.reader;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mixwell.base.Refusal;
import dev.mixwell.columnar.ArrowRows;
import dev.mixwell.columnar.ParquetFile;
import dev.mixwell.columnar.ParquetRows;
import dev.mixwell.columnar.RowVisitor;
import dev.mixwell.columnar.UnreadableFile;
import dev.mixwell.format.DataSet;
import dev.mixwell.format.Faults;
import dev.mixwell.format.Folders;
import dev.mixwell.format.Format;
import dev.mixwell.format.Heads;
import dev.mixwell.format.JsonIndex;
import dev.mixwell.format.Mapping;
import dev.mixwell.format.Sink;
import dev.mixwell.format.Splits;
import dev.mixwell.format.Stated;
import dev.mixwell.format.TokenFile;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Hugging Face's datasets writes: folders of Arrow streams, whose ids are served in place, and
 * Parquet, whose ids are written anew since they are encoded there. A row is a document.
 */
final class Columnar implements Format {
  static final String ARROW = ".arrow";
  static final String PARQUET = ".parquet";

  /** Lists the streams of a folder in their order. */
  static final String STATE = "state.json";

  record State(@JsonProperty("_data_files") @Nullable List<Listed> dataFiles) {}

  record Listed(@Nullable String filename) {}

  @Override
  public String name() {
    return "columnar";
  }

  static boolean recognises(byte[] head) {
    return ArrowRows.recognises(head) || ParquetFile.recognises(head);
  }

  @Override
  public void read(DataSet data, Stated stated, Sink sink) throws IOException {
    for (String file : files(data, stated)) {
      boolean isArrow = ArrowRows.recognises(Heads.of(data.local(file)));
      try {
        if (isArrow || file.endsWith(ARROW)) readStream(data, file, stated, sink);
        else readParquet(data, file, stated, sink);
      } catch (UnreadableFile e) {
        throw refusal(file, e);
      }
    }
  }

  private static Refusal refusal(String file, UnreadableFile e) {
    return switch (e.why()) {
      case DAMAGED -> Faults.damaged(file, e.what());
      case UNSUPPORTED -> Faults.unsupported(file, e.what());
      case UNCLEAR -> Faults.ask(file, e.what(), "Name the one with --column.");
    };
  }

  private static List<String> files(DataSet data, Stated stated) throws IOException {
    List<String> all = data.files();
    boolean hasState = all.stream().anyMatch(f -> f.equals(STATE) || f.endsWith("/" + STATE));
    if (!hasState) {
      boolean hasStreams = all.stream().anyMatch(f -> f.endsWith(ARROW));
      List<String> files =
          all.stream()
              .filter(f -> f.endsWith(hasStreams ? ARROW : PARQUET) || all.size() == 1)
              .toList();
      return Splits.choose(files, stated.split());
    }
    String folder = Folders.with(data, STATE, stated.split());
    State state = JsonIndex.read(folder + STATE, data.local(folder + STATE), State.class);
    if (state.dataFiles == null) throw Faults.damaged(folder + STATE, "it has no _data_files");
    var files = new ArrayList<String>();
    for (Listed listed : state.dataFiles) {
      if (listed == null || listed.filename == null)
        throw Faults.damaged(folder + STATE, "a file of it has no filename");
      files.add(folder + listed.filename);
    }
    return files;
  }

  private static void readParquet(DataSet data, String file, Stated stated, Sink sink)
      throws UnreadableFile, IOException {
    sink.origin(file);
    ParquetRows.read(data.local(file), stated.column(), stated.idField(), rows(sink));
  }

  private static void readStream(DataSet data, String file, Stated stated, Sink sink)
      throws UnreadableFile, IOException {
    Path local = data.local(file);
    try (var bytes = Mapping.of(file, local)) {
      ArrowRows.read(
          bytes.bytes(),
          stated.column(),
          stated.idField(),
          new ArrowRows.KindVisitor() {
            @Override
            public void ids(int widthBytes, boolean isSigned) throws IOException {
              TokenType type = TokenType.of(widthBytes, isSigned, ByteOrder.LITTLE_ENDIAN);
              sink.file(new TokenFile(file, null, type, null, false));
            }

            @Override
            public void text() throws IOException {
              sink.origin(file);
            }

            @Override
            public void trailing(long bytes) {
              sink.warn("%s: %,d bytes follow the end of its stream".formatted(file, bytes));
            }
          },
          rows(sink));
    }
  }

  private static RowVisitor rows(Sink sink) {
    return new RowVisitor() {
      @Override
      public void tokens(int[] tokens, @Nullable String id, Metadata metadata) throws IOException {
        sink.document(tokens, id, metadata);
      }

      @Override
      public void tokensAt(long atByte, long lengthTokens, @Nullable String id, Metadata metadata)
          throws IOException {
        sink.documentAt(atByte, lengthTokens, id, metadata);
      }

      @Override
      public void text(String text, @Nullable String id, Metadata metadata) throws IOException {
        sink.text(text, id, metadata);
      }

      @Override
      public void absent() {
        sink.absent();
      }
    };
  }
}
