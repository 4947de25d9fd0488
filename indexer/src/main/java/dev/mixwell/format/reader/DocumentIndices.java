package dev.mixwell.format.reader;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.mixwell.base.Refusal;
import dev.mixwell.format.Faults;
import dev.mixwell.format.Mapping;
import dev.mixwell.format.Sink;
import dev.mixwell.format.Stated;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * The {@code .csv.gz} that dolma writes beside tokens: a line a document, {@code start,end,id,src,
 * loc}, without a header. Start and end count tokens, the end is the one behind the last; the
 * source file and the line in it become the metadata {@code src} and {@code loc}. OLMo-core's own
 * has the first two alone. Owned by one thread; tells once.
 */
final class DocumentIndices {
  private static final CsvMapper MAPPER =
      CsvMapper.csvBuilder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();
  private static final int FULL_COLUMNS = 5;

  private final String name;
  private final Path path;
  private long line;
  private long endToken;
  private long outside; // tokens of no document
  private long unclosed; // documents without the id behind them

  DocumentIndices(String name, Path path) {
    this.name = name;
    this.path = path;
  }

  /** What it is called beside a file of tokens. */
  static String beside(String file) {
    return file.substring(0, file.lastIndexOf('.')) + ".csv.gz";
  }

  void tell(Npy tokens, Mapping bytes, Stated stated, Sink sink) throws IOException {
    try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(path)));
        MappingIterator<String[]> rows = MAPPER.readerFor(String[].class).readValues(in)) {
      while (rows.hasNextValue()) {
        line++;
        tell(rows.nextValue(), tokens, bytes, stated, sink);
      }
    } catch (JacksonException e) {
      throw Faults.damaged(name, "line %,d is no CSV (%s)".formatted(line, e.getOriginalMessage()));
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw Faults.damaged(name, "it is cut or no gzip file (%s)".formatted(e.getMessage()));
    }
    outside += tokens.tokens() - endToken;
    if (outside > 0)
      sink.warn("%s: %,d tokens belong to no document and are left out".formatted(name, outside));
    if (unclosed > 0)
      sink.warn(
          "%s: %,d documents lack the id %d behind them"
              .formatted(name, unclosed, stated.endOfDocument()));
  }

  private void tell(String[] row, Npy tokens, Mapping bytes, Stated stated, Sink sink)
      throws IOException {
    if (row.length < 2) throw wrong("it has fewer than two columns");
    long start = number(row[0]);
    long end = number(row[1]);
    if (start < endToken || end < start || end > tokens.tokens())
      throw wrong(
          "its document is the tokens %,d to %,d; the one before it ends at %,d, and there are %,d"
              .formatted(start, end, endToken, tokens.tokens()));
    outside += start - endToken;
    endToken = end;
    long atByte = tokens.firstByte() + start * tokens.type().sizeBytes();
    long lastByte = tokens.firstByte() + (end - 1) * tokens.type().sizeBytes();
    Integer closing = stated.endOfDocument();
    if (closing != null && (end == start || bytes.token(tokens.type(), lastByte) != closing))
      unclosed++;
    String id = row.length > 2 && !row[2].isEmpty() ? row[2] : null;
    sink.documentAt(atByte, end - start, id, metadata(row));
  }

  private static Metadata metadata(String[] row) {
    if (row.length < FULL_COLUMNS) return Metadata.NONE;
    var values = new TreeMap<String, List<MetadataValue>>();
    values.put("src", List.of(new MetadataValue.Keyword(row[3])));
    try {
      values.put("loc", List.of(new MetadataValue.Whole(Long.parseLong(row[4].strip()))));
    } catch (NumberFormatException e) {
      values.put("loc", List.of(new MetadataValue.Keyword(row[4])));
    }
    return new Metadata(values);
  }

  private long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw wrong("\"%.40s\" is no number of a token".formatted(text));
    }
  }

  private Refusal wrong(String what) {
    return Faults.damaged(name, "in line %,d %s".formatted(line, what));
  }
}
