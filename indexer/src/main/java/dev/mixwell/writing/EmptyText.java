package dev.mixwell.writing;

/** What becomes of a document whose text is empty. */
public enum EmptyText {
  /** It is a mistake. */
  REFUSE,
  /** It is left out. */
  SKIP,
  /** It is an end of document alone, or nothing where there is none. */
  KEEP
}
