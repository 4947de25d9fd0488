package dev.mixwell.query;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands between two brackets. With AND or OR, NOT binds first, then AND, then OR. Without
 * them it is a list: all that has {@code +}, nothing that has {@code -}, else any. A mixture of
 * both could mean two things, and is refused.
 */
final class Level {
  /** What stands between a part and the one before. */
  enum Joiner {
    NOTHING,
    AND,
    OR
  }

  /** What stands before a part. */
  enum Mark {
    NOTHING(""),
    PLUS("+"),
    MINUS("-"),
    NOT("NOT ");

    private final String written;

    Mark(String written) {
      this.written = written;
    }
  }

  private record Part(Joiner joiner, Mark mark, Expression of, int at) {
    Expression signed() {
      return mark == Mark.MINUS || mark == Mark.NOT ? of.negated() : of;
    }

    @Override
    public String toString() {
      boolean isSimple = of instanceof Expression.Condition || of instanceof Expression.Everything;
      return mark.written + (isSimple ? of : "(" + of + ")");
    }
  }

  private final List<Part> parts = new ArrayList<>();

  /**
   * @param joiner of the first, anything
   * @param at where the part begins in the query
   */
  void add(Joiner joiner, Mark mark, Expression of, int at) {
    parts.add(new Part(parts.isEmpty() ? Joiner.NOTHING : joiner, mark, of, at));
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /**
   * @throws QueryFault if it could mean two things
   */
  Expression meaning() {
    if (parts.size() == 1) return parts.getFirst().signed();
    List<Part> behindFirst = parts.subList(1, parts.size());
    if (behindFirst.stream().allMatch(part -> part.joiner == Joiner.NOTHING)) return ofList();
    for (int i = 1; i < parts.size(); i++)
      if (parts.get(i).joiner == Joiner.NOTHING)
        throw new QueryFault(
            parts.get(i).at,
            "AND or OR stands elsewhere, and neither between %s and %s; write one, or brackets"
                .formatted(parts.get(i - 1), parts.get(i)));
    return ofOperators();
  }

  private Expression ofOperators() {
    var alternatives = new ArrayList<Expression>();
    var together = new ArrayList<Expression>();
    boolean hasOr = parts.stream().anyMatch(part -> part.joiner == Joiner.OR);
    for (Part part : parts) {
      if (hasOr && part.mark == Mark.PLUS)
        throw new QueryFault(
            part.at,
            "%s demands what OR leaves open; leave the + out, or write AND".formatted(part));
      if (part.joiner == Joiner.OR) {
        alternatives.add(and(together));
        together.clear();
      }
      together.add(part.signed());
    }
    alternatives.add(and(together));
    return or(alternatives);
  }

  private Expression ofList() {
    var demanded = new ArrayList<Expression>();
    var any = new ArrayList<Expression>();
    var excluded = new ArrayList<Expression>();
    boolean hasPlus = parts.stream().anyMatch(part -> part.mark == Mark.PLUS);
    for (Part part : parts)
      switch (part.mark) {
        case PLUS -> demanded.add(part.of);
        case MINUS -> excluded.add(part.signed());
        case NOT -> throw alone(part);
        case NOTHING -> {
          if (hasPlus)
            throw new QueryFault(
                part.at,
                "%s changes nothing beside what has a +; write +%s, or AND and OR"
                    .formatted(part, part));
          any.add(part.of);
        }
      }
    if (!any.isEmpty()) demanded.add(or(any));
    demanded.addAll(excluded);
    return and(demanded);
  }

  private QueryFault alone(Part part) {
    int i = parts.indexOf(part);
    Part first = parts.get(i == 0 ? 0 : i - 1);
    Part second = parts.get(i == 0 ? 1 : i);
    return new QueryFault(
        part.at,
        "neither AND nor OR stands beside %s; write %s AND %s, or %s OR %s"
            .formatted(part, first, second, first, second));
  }

  private static Expression and(List<Expression> all) {
    return all.size() == 1 ? all.getFirst() : new Expression.And(all);
  }

  private static Expression or(List<Expression> any) {
    return any.size() == 1 ? any.getFirst() : new Expression.Or(any);
  }
}
