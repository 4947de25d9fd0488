package dev.mixwell.run;

import dev.mixwell.api.MixerChange;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.OverridesChange;
import dev.mixwell.api.SkipRequest;
import dev.mixwell.timeline.Event;

/** The operators of a simulation: what is accepted is noted there. */
final class SimOperators {
  private final Sim sim;

  SimOperators(Sim sim) {
    this.sim = sim;
  }

  private String effective(String mode, int ahead) {
    return mode.equals("step") ? Long.toString(Math.max(0, sim.server.run().upTo() + ahead)) : mode;
  }

  void swap(Act.Swap act) {
    swap(act.mixer(), effective(act.mode(), act.ahead()), act.start(), act.fault());
  }

  OperationView swap(MixerSpec mixer, String effective, String start, Fault fault) {
    var change = new MixerChange(mixer, effective, start, "sim", "to see");
    return accepted(sim.server.call(fault, () -> sim.server.run().swap(change, "*")));
  }

  void clear(Fault fault) {
    sim.server.call(fault, () -> sim.server.run().clearOverrides("sim", "cleared"));
  }

  void override(Act.Override act) {
    String effective = effective(act.mode(), act.ahead());
    var change = new OverridesChange(act.pins(), act.clamps(), effective, "sim", "to see");
    accepted(sim.server.call(act.fault(), () -> sim.server.run().override(change)));
  }

  void skip(Act.Skip act) {
    var request =
        new SkipRequest(sim.server.run().upTo() + act.ahead(), act.steps(), "sim", "to see");
    accepted(sim.server.call(act.fault(), () -> sim.server.run().skip(request)));
  }

  private OperationView accepted(OperationView operation) {
    sim.acceptedOperations.add(operation.operation());
    return operation;
  }

  void cancel(Act.Cancel act) {
    long[] operations =
        sim.server.store.log().stream()
            .filter(entry -> entry.event() instanceof Event.Operation)
            .mapToLong(entry -> entry.sequence())
            .toArray();
    if (operations.length == 0) return;
    long operation = operations[operations.length - 1 - act.which() % operations.length];
    sim.server.call(
        act.fault(),
        () -> {
          sim.server.run().cancel(operation, "sim", "a slip");
          return operation;
        });
  }
}
