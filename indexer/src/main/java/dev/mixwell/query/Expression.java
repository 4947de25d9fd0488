package dev.mixwell.query;

import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A query as understood. Its text has brackets wherever two operators meet, and is a query that
 * means the same.
 */
public sealed interface Expression {
  /** Takes all documents. */
  record Everything() implements Expression {
    @Override
    public String toString() {
      return "*:*";
    }
  }

  /** Takes what all of them take; two or more. */
  record And(List<Expression> all) implements Expression {
    public And {
      all = List.copyOf(all);
    }

    @Override
    public String toString() {
      return joined(all, " AND ");
    }
  }

  /** Takes what any of them takes; two or more. */
  record Or(List<Expression> any) implements Expression {
    public Or {
      any = List.copyOf(any);
    }

    @Override
    public String toString() {
      return joined(any, " OR ");
    }
  }

  /** Takes what the other one does not. */
  record Not(Expression other) implements Expression {
    @Override
    public String toString() {
      return "NOT " + bracketed(other);
    }
  }

  /**
   * Takes the documents that have a key with such a value.
   *
   * @param written the key and the value as the query has them
   * @param at where the value begins in the query, in UTF-16 units
   */
  record Condition(String key, Test test, String written, int at) implements Expression {
    @Override
    public String toString() {
      return written;
    }
  }

  /** What a value must be. */
  sealed interface Test {}

  /**
   * @param slop how far words may be from where a phrase has them; null if the query says nothing
   */
  record Value(String text, @Nullable Integer slop) implements Test {}

  /** Any value. */
  record Any() implements Test {}

  /** A value that begins so. */
  record Beginning(String prefix) implements Test {}

  /**
   * @param pattern with {@code ?} and {@code *}, which a backslash before them takes literally
   */
  record Wildcard(String pattern) implements Test {}

  /**
   * @param pattern in Lucene's syntax
   */
  record Regular(String pattern) implements Test {}

  /**
   * @param low null for none
   * @param high null for none
   */
  record Range(
      @Nullable String low, @Nullable String high, boolean lowIncluded, boolean highIncluded)
      implements Test {}

  /** The expression that takes what this one does not. */
  default Expression negated() {
    return this instanceof Not(Expression other) ? other : new Not(this);
  }

  private static String joined(List<Expression> parts, String operator) {
    var all = new StringJoiner(operator);
    for (Expression part : parts) all.add(bracketed(part));
    return all.toString();
  }

  private static String bracketed(Expression part) {
    return part instanceof And || part instanceof Or ? "(" + part + ")" : part.toString();
  }
}
