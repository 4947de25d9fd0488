package dev.mixwell.api;

import java.util.List;
import java.util.Map;

/**
 * The mixer in force at the next step to be issued, and what is to come.
 *
 * @param tag the ETag: changes with every operation on the run
 * @param state the mixer's state after its last close, by vector; by group index where a vector is
 *     one a group
 * @param scheduled swaps that are accepted and not yet in force
 * @param bypassed operations of other attempts that do not apply to the newest one
 */
public record MixerAnswer(
    String tag,
    long nextStep,
    MixerView mixer,
    Map<String, List<Double>> state,
    List<OperationView> scheduled,
    List<OperationView> history,
    List<OperationView> bypassed) {}
