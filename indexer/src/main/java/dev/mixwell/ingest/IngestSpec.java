package dev.mixwell.ingest;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.FullText;
import dev.mixwell.tokenize.Tokenizer;
import dev.mixwell.writing.AddedMetadata;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to index, and how.
 *
 * @param inputs files, in the order in which their documents are written
 * @param output the index's directory
 * @param textField the JSON member with the text
 * @param idField the JSON member with the id, if a document has one
 * @param shardTokens a shard ends before the document that would make it longer
 * @param skipEmpty leave out documents with an empty text; else they are refused
 * @param replace take the place of an index that is there
 * @param added metadata besides the documents' own
 * @param fullText how the texts are to be searched; null for not at all
 */
public record IngestSpec(
    List<Path> inputs,
    Path output,
    Tokenizer tokenizer,
    String textField,
    String idField,
    long shardTokens,
    int threads,
    boolean skipEmpty,
    boolean replace,
    @Nullable FullText fullText,
    AddedMetadata added) {
  public static final String DEFAULT_TEXT_FIELD = "text";
  public static final String DEFAULT_ID_FIELD = "id";

  /** Half a GiB of 16-bit ids: large enough for few files, small enough to copy one again. */
  public static final long DEFAULT_SHARD_TOKENS = 1L << 28;

  public static final int MAX_THREADS = 1024;

  public IngestSpec {
    inputs = List.copyOf(inputs);
    if (inputs.isEmpty())
      throw refused("There is no input. Name a JSONL file or a folder of them.");
    if (shardTokens < 1) throw refused("A shard has at least 1 token, not " + shardTokens + ".");
    if (threads < 1 || threads > MAX_THREADS)
      throw refused("Threads are 1 to %d, not %d.".formatted(MAX_THREADS, threads));
    if (textField.equals(idField))
      throw refused("The text and the id cannot both be in the field \"" + textField + "\".");
  }

  /** One thread, the usual fields, one shard where it is not long. */
  public static IngestSpec of(List<Path> inputs, Path output, Tokenizer tokenizer) {
    return new IngestSpec(
        inputs,
        output,
        tokenizer,
        DEFAULT_TEXT_FIELD,
        DEFAULT_ID_FIELD,
        DEFAULT_SHARD_TOKENS,
        1,
        false,
        false,
        null,
        AddedMetadata.NONE);
  }

  public IngestSpec withThreads(int count) {
    return new IngestSpec(
        inputs,
        output,
        tokenizer,
        textField,
        idField,
        shardTokens,
        count,
        skipEmpty,
        replace,
        fullText,
        added);
  }

  public IngestSpec withShardTokens(long count) {
    return new IngestSpec(
        inputs, output, tokenizer, textField, idField, count, threads, skipEmpty, replace, fullText,
        added);
  }

  public IngestSpec withFullText(FullText how) {
    return new IngestSpec(
        inputs,
        output,
        tokenizer,
        textField,
        idField,
        shardTokens,
        threads,
        skipEmpty,
        replace,
        how,
        added);
  }

  private static Refusal refused(String what) {
    return new Refusal(ProblemType.BAD_INPUT, what);
  }
}
