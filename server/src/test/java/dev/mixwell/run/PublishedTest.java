package dev.mixwell.run;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.RunSpec;
import dev.mixwell.fold.StepPlan;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the writer publishes to other threads cannot be changed by them. */
final class PublishedTest {
  private static final SimConfig CONFIG =
      SimConfig.of(
          SimConfig.spec(3, SimConfig.probing(1, 7), 6, 2, RunSpec.Reporters.REDUCED),
          12,
          SimConfig.Habits.patient(1, true, false),
          1);

  /** Every public method of ours that hands out an array is asked twice, wherever it is reached. */
  private static final class Walk {
    final Set<String> arrays = new TreeSet<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    void from(Object object) throws ReflectiveOperationException {
      if (object instanceof Collection<?> elements) for (Object element : elements) from(element);
      if (object instanceof Map<?, ?> map) from(map.values());
      boolean isOurs = object != null && object.getClass().getName().startsWith("dev.mixwell.");
      if (!isOurs || object instanceof Enum<?> || !seen.add(object)) return;
      for (Method method : object.getClass().getMethods())
        if (method.getParameterCount() == 0
            && !Modifier.isStatic(method.getModifiers())
            && method.getDeclaringClass().getName().startsWith("dev.mixwell."))
          from(object, method);
    }

    private void from(Object object, Method method) throws ReflectiveOperationException {
      method.setAccessible(true); // public, of a class that may not be
      Object once;
      try {
        once = method.invoke(object);
      } catch (InvocationTargetException e) {
        return; // it hands out nothing
      }
      if (once == null || !once.getClass().isArray()) {
        from(once);
        return;
      }
      arrays.add(method.getDeclaringClass().getSimpleName() + "." + method.getName());
      assertNotSame(once, method.invoke(object), method + " hands out an array of its object");
    }
  }

  @Test
  void noArrayOfItIsHandedOut() throws ReflectiveOperationException {
    var sim = new Sim(CONFIG);
    SimJob job = sim.launch(0, 1);
    sim.advance(job, 6);
    Run run = sim.server.run();
    var walk = new Walk();
    walk.from(run.view());
    for (long step = 0; step < run.upTo(); step++) {
      StepPlan plan = run.view().plans().get(job.attempt, step);
      assertNotNull(plan);
      walk.from(plan);
      walk.from(run.issuedStep(job.attempt, step, 0, Duration.ZERO));
      walk.from(run.stepRows(job.attempt, step));
    }
    walk.from(run.issuedEnd());
    assertTrue(
        walk.arrays.containsAll(
            Set.of("Units.before", "Proportions.toArray", "Position.rows", "StepRows.groups")),
        () -> "only " + walk.arrays);
  }

  @Test
  void nothingCanBeAddedToIt() {
    var sim = new Sim(CONFIG);
    sim.launch(0, 1);
    Published view = sim.server.run().view();
    assertThrows(UnsupportedOperationException.class, () -> view.attempts().clear());
    assertThrows(UnsupportedOperationException.class, () -> view.evaluations().clear());
  }
}
