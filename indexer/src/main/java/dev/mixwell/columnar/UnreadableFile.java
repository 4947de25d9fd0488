package dev.mixwell.columnar;

/** A columnar file that cannot be read. */
public final class UnreadableFile extends Exception {
  private static final long serialVersionUID = 1;

  /** Who can mend it. */
  public enum Cause {
    /** The file is not as its writer left it. */
    DAMAGED,
    /** It is whole, and holds something that is not adopted. */
    UNSUPPORTED,
    /** It is whole, and the user has to say which column is meant. */
    UNCLEAR
  }

  private final Cause why;

  UnreadableFile(Cause why, String what) {
    super(what);
    this.why = why;
  }

  static UnreadableFile damaged(String what) {
    return new UnreadableFile(Cause.DAMAGED, what);
  }

  static UnreadableFile unsupported(String what) {
    return new UnreadableFile(Cause.UNSUPPORTED, what);
  }

  public Cause why() {
    return why;
  }

  /** What is wrong, as a clause. */
  public String what() {
    return String.valueOf(getMessage());
  }
}
