package dev.mixwell.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.RunSpec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the log shares with the contract: a bound on requests must not bind what is recorded. */
class SharedWordsTest {
  @Test
  void recordsOfTheLogHoldNothingOfTheContractButClosedSetsOfWords() {
    var shared = new HashSet<Class<?>>();
    var seen = new HashSet<Class<?>>();
    var left = new ArrayDeque<Class<?>>(Set.of(Event.class));
    while (!left.isEmpty()) {
      Class<?> type = left.remove();
      if (!seen.add(type) || !type.getName().startsWith("dev.mixwell.")) continue;
      if (!type.getPackageName().equals(Event.class.getPackageName())) shared.add(type);
      if (type.isSealed()) for (Class<?> kind : type.getPermittedSubclasses()) left.add(kind);
      if (type.isRecord())
        for (RecordComponent member : type.getRecordComponents())
          left.addAll(classes(member.getGenericType()));
    }
    assertEquals(
        Set.of(
            FeedbackKind.class,
            RunSpec.Composition.class,
            RunSpec.Reporters.class,
            RunSpec.Packing.class,
            RunSpec.Exhausted.Policy.class,
            RunSpec.Closing.Policy.class),
        shared,
        "a record of a request in the log: write one of the log's own in package timeline, and its"
            + " two ways in fold.Recorded");
    for (Class<?> type : shared) assertTrue(type.isEnum(), type + " is no closed set of words");
  }

  private static Set<Class<?>> classes(Type type) {
    var classes = new HashSet<Class<?>>();
    if (type instanceof Class<?> plain) classes.add(plain);
    if (type instanceof ParameterizedType parameterized)
      for (Type argument : parameterized.getActualTypeArguments())
        classes.addAll(classes(argument));
    return classes;
  }
}
