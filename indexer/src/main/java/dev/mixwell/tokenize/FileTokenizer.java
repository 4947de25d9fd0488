package dev.mixwell.tokenize;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face {@code tokenizer.json}, by the library it was written with. What the file says of
 * cutting and filling texts is for inference, and is left out.
 *
 * <p>The library looks for special tokens in a text first, and models of whole pieces (Unigram,
 * WordLevel) find their names again in their vocabulary. So special tokens, and the one that ends
 * documents, are given names that no text has.
 *
 * <p>Only ids are taken from it, through its native methods: {@code HuggingFaceTokenizer} makes the
 * pieces, offsets and masks of each text, too, which cost twice what the ids do. Lives as long as
 * the process, and so does what it holds outside the heap.
 */
final class FileTokenizer implements Tokenizer {
  private static final String OFFLINE = "ai.djl.offline";

  private final TokenizersLibrary library = library();
  private final TokenizerFile file;
  private final EndOfDocument end;
  private final @Nullable Integer endOfDocument;
  private final Map<Integer, String> hidden;
  private final long handle;

  private FileTokenizer(TokenizerFile file, @Nullable String statedEnd) {
    this.file = file;
    this.end = new EndOfDocument(file, statedEnd);
    this.endOfDocument = end.id();
    this.hidden = hidden(file, endOfDocument);
    this.handle = load(file, file.renamed(hidden));
  }

  /**
   * @param statedEnd the id or the text of the token that ends documents; null to find it by name
   * @throws dev.mixwell.base.Refusal bad-input if the file is none of a tokenizer, or damaged
   */
  static FileTokenizer of(TokenizerFile file, @Nullable String statedEnd) {
    var loaded = new FileTokenizer(file, statedEnd);
    try {
      loaded.requireIdsOfFile();
    } catch (IllegalArgumentException e) {
      throw TokenizerFile.refused(file.path(), String.valueOf(e.getMessage()));
    }
    return loaded;
  }

  private static Map<Integer, String> hidden(TokenizerFile file, @Nullable Integer end) {
    var names = new LinkedHashMap<Integer, String>();
    // Decides no byte: a name of a token that no text holds.
    String unknowable = UUID.randomUUID().toString(); // no text is written for this process
    for (TokenizerFile.Added token : file.added())
      if (token.isSpecial() || (end != null && end == token.id()))
        names.put(token.id(), "\uFDD0%s %d\uFDD1".formatted(unknowable, token.id()));
    return Collections.unmodifiableMap(names);
  }

  private static TokenizersLibrary library() {
    String before = System.getProperty(OFFLINE);
    System.setProperty(
        OFFLINE, "true"); // it has its code with it; on machines with a GPU it asks for more
    try {
      LibUtils.checkStatus();
      return TokenizersLibrary.LIB;
    } catch (LinkageError | EngineException e) {
      throw new Refusal(
          ProblemType.STORAGE_FAILED,
          "The library of Hugging Face tokenizers could not be loaded (%s): it is unpacked into ~/.djl.ai, or into DJL_CACHE_DIR. Set that to a folder that can be written."
              .formatted(e));
    } finally {
      if (before == null) System.clearProperty(OFFLINE);
      else System.setProperty(OFFLINE, before);
    }
  }

  private long load(TokenizerFile file, String json) {
    try {
      return library.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw TokenizerFile.refused(file.path(), String.valueOf(e.getMessage()));
    }
  }

  /** The library numbers added tokens itself, and only warns if the file numbers them otherwise. */
  private void requireIdsOfFile() {
    hidden.forEach(
        (id, name) -> {
          if (LongStream.of(ids(name)).noneMatch(found -> found == id))
            throw TokenizerFile.refused(
                file.path(),
                "the id %d that it states for an added token is another's".formatted(id));
        });
  }

  @Override
  public String name() {
    return "tokenizer.json@sha256:" + file.sha256();
  }

  @Override
  public int vocabularySize() {
    return file.vocabularySize();
  }

  @Override
  public int endOfDocument() {
    if (endOfDocument == null) throw end.unclear();
    return endOfDocument;
  }

  @Override
  public int[] encode(String text) {
    long[] found = ids(text);
    var ids = new int[found.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Math.toIntExact(found[i]);
      if (endOfDocument != null && ids[i] == endOfDocument)
        throw new IllegalArgumentException(
            "its token for what it does not know, %d, ends documents, too".formatted(ids[i]));
    }
    return ids;
  }

  private long[] ids(String text) {
    long encoding;
    try {
      encoding = library.encode(handle, text, false);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
    try {
      return library.getTokenIds(encoding);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  @Override
  public String decode(int[] ids) {
    var wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || !file.ids().get(ids[i]) || hidden.containsKey(ids[i]))
        throw new IllegalArgumentException("no text has the id " + ids[i]);
      wide[i] = ids[i];
    }
    return library.decode(handle, wide, false);
  }
}
