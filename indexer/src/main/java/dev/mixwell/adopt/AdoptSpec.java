package dev.mixwell.adopt;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.format.Stated;
import dev.mixwell.manifest.FullText;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.objects.ObjectStore;
import dev.mixwell.tokenize.Tokenizer;
import dev.mixwell.writing.AddedMetadata;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to adopt, and how.
 *
 * @param inputs in the order in which their documents come
 * @param output the index's directory
 * @param vocabulary that all shards share
 * @param tokenizer for texts; null where there is none
 * @param shardTokens of shards that are written here: one ends before the document that would make
 *     it longer
 * @param skipEmpty leave out documents with an empty text; else they are refused
 * @param replace take the place of an index that is there
 * @param access to the object store, for inputs that are URIs
 * @param added metadata from elsewhere than the shards
 * @param fullText how texts are to be searched; null for not at all
 */
public record AdoptSpec(
    List<Input> inputs,
    Path output,
    TokenizerInfo vocabulary,
    @Nullable Tokenizer tokenizer,
    long shardTokens,
    int threads,
    boolean skipEmpty,
    boolean replace,
    ObjectStore.Access access,
    AddedMetadata added,
    @Nullable FullText fullText) {
  /**
   * @param location a file, a folder, a Megatron prefix, or the URI of an object or a prefix
   * @param stated what its files do not say
   */
  public record Input(String location, Stated stated) {}

  public AdoptSpec {
    inputs = List.copyOf(inputs);
    if (inputs.isEmpty())
      throw new Refusal(
          ProblemType.BAD_INPUT, "There is no input. Name a file, a folder or a prefix of shards.");
  }

  /** Shards with the metadata that they have. */
  public AdoptSpec(
      List<Input> inputs,
      Path output,
      TokenizerInfo vocabulary,
      @Nullable Tokenizer tokenizer,
      long shardTokens,
      int threads,
      boolean skipEmpty,
      boolean replace,
      ObjectStore.Access access) {
    this(
        inputs,
        output,
        vocabulary,
        tokenizer,
        shardTokens,
        threads,
        skipEmpty,
        replace,
        access,
        AddedMetadata.NONE,
        null);
  }
}
