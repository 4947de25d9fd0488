package dev.mixwell.format.reader;

import dev.mixwell.base.Refusal;
import dev.mixwell.format.Boundaries;
import dev.mixwell.format.DataSet;
import dev.mixwell.format.Faults;
import dev.mixwell.format.Format;
import dev.mixwell.format.Mapping;
import dev.mixwell.format.Sink;
import dev.mixwell.format.Splits;
import dev.mixwell.format.Stated;
import dev.mixwell.format.TokenFile;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Files that are tokens and nothing else, or a NumPy array of them: nanoGPT's {@code .bin}
 * (data/openwebtext/prepare.py), the {@code .npy} of OLMo and dolma, which in spite of its name is
 * raw (dolma/tokenizer/memmap_writer.py; OLMo-core data/utils.py), and NumPy's own. Documents are
 * those of the {@code .csv.gz} beside the tokens ({@link DocumentIndices}), or end at the ids that
 * the user states.
 */
final class RawTokens implements Format {
  private static final String WILDCARD = "*";

  @Override
  public String name() {
    return "raw";
  }

  static boolean isTokens(String file) {
    return file.endsWith(".bin") || file.endsWith(".npy");
  }

  @Override
  public void read(DataSet data, Stated stated, Sink sink) throws IOException {
    List<String> files = files(data, stated);
    if (stated.mask() != null && files.size() > 1 && !stated.mask().contains(WILDCARD))
      throw Faults.ask(
          data.name(),
          "it has %,d files of tokens and one loss mask".formatted(files.size()),
          "Name the masks by a pattern, such as --mask '*_mask.npy', where * is a token file's name without its ending.");
    for (String file : files)
      try (var bytes = Mapping.of(file, data.local(file))) {
        read(data, file, bytes, stated, sink);
      }
  }

  private static List<String> files(DataSet data, Stated stated) {
    String mask = stated.mask();
    List<String> tokens =
        data.files().stream()
            .filter(RawTokens::isTokens)
            .filter(f -> mask == null || !isMask(f, data.files(), mask))
            .toList();
    List<String> files = Splits.choose(tokens, stated.split());
    long validation = files.stream().filter(Splits::isValidation).count();
    if (stated.split() == null && validation > 0 && validation < files.size())
      throw Faults.ask(
          data.name(),
          "it has parts for training and validation (%s)".formatted(String.join(", ", files)),
          "Choose one with --split, such as --split train, or name the files themselves.");
    return files;
  }

  private static boolean isMask(String file, List<String> files, String mask) {
    return files.stream().filter(f -> isTokens(f)).anyMatch(f -> file.equals(maskOf(f, mask)));
  }

  private static String maskOf(String file, String mask) {
    return mask.replace(WILDCARD, file.substring(0, file.lastIndexOf('.')));
  }

  private static void read(DataSet data, String file, Mapping bytes, Stated stated, Sink sink)
      throws IOException {
    if (bytes.sizeBytes() == 0) throw Faults.damaged(file, "it is empty");
    boolean isNumpy = bytes.startsWith(Npy.MAGIC);
    Npy tokens = isNumpy ? Npy.read(file, bytes) : raw(file, bytes, stated.type());
    if (isNumpy && stated.type() != null && stated.type() != tokens.type())
      sink.warn(
          "%s says itself that its tokens are %s; --dtype is not used"
              .formatted(file, tokens.type().name().toLowerCase(Locale.ROOT)));
    String mask = stated.mask() == null ? null : maskOf(file, stated.mask());
    if (mask != null && isNumpy)
      throw Faults.unsupported(file, "a loss mask goes with raw tokens, and this is a NumPy file");
    String indices = DocumentIndices.beside(file);
    sink.file(new TokenFile(file, null, tokens.type(), mask, false));
    if (data.has(indices))
      new DocumentIndices(indices, data.local(indices)).tell(tokens, bytes, stated, sink);
    else scan(file, bytes, tokens, stated, sink);
  }

  private static Npy raw(String file, Mapping bytes, @Nullable TokenType type) {
    if (type == null)
      throw Faults.ask(
          file,
          "it is raw tokens, and nothing in it says of what type they are",
          "Say it with --dtype, such as --dtype uint16.");
    if (bytes.sizeBytes() % type.sizeBytes() != 0)
      throw Faults.damaged(
          file,
          "its %,d bytes are no whole number of tokens of %d bytes"
              .formatted(bytes.sizeBytes(), type.sizeBytes()));
    return new Npy(type, 0, bytes.sizeBytes() / type.sizeBytes());
  }

  private static void scan(String file, Mapping bytes, Npy tokens, Stated stated, Sink sink)
      throws IOException {
    if (stated.endOfDocument() == null && stated.beginOfDocument() == null && !stated.hasNoEnd())
      throw unknownBoundaries(file);
    int width = tokens.type().sizeBytes();
    new Boundaries(stated.endOfDocument(), stated.beginOfDocument())
        .scan(
            bytes,
            tokens.type(),
            tokens.firstByte(),
            tokens.tokens(),
            (first, length, isClosed) -> {
              if (!isClosed)
                sink.warn(
                    "%s: its last document, of %,d tokens, lacks the id %d behind it"
                        .formatted(file, length, stated.endOfDocument()));
              long atByte = tokens.firstByte() + first * width;
              sink.documentAt(atByte, length, null, Metadata.NONE);
            });
  }

  private static Refusal unknownBoundaries(String file) {
    return Faults.ask(
        file,
        "nothing in it says where documents end",
        "Say which id stands behind each with --eos ID, or in front of each with --bos ID; or with --no-eos that all of it is one document.");
  }
}
