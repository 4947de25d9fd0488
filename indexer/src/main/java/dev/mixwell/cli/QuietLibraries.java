package dev.mixwell.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Libraries that advise on JVM flags, GPUs and repairs which make no difference here. */
public final class QuietLibraries {
  /** Held, because the logging of the JDK forgets the level of a logger that nobody holds. */
  private static final List<Logger> TALKATIVE =
      List.of(Logger.getLogger("org.apache.lucene"), Logger.getLogger("org.apache.parquet"));

  /** Logs with its stack what it throws, too. */
  private static final Logger TOKENIZERS = Logger.getLogger("ai.djl");

  private QuietLibraries() {}

  /** They log nothing but failures from now on. */
  public static void silence() {
    for (Logger logger : TALKATIVE) logger.setLevel(Level.SEVERE);
    TOKENIZERS.setLevel(Level.OFF);
  }
}
