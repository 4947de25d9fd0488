package dev.mixwell.api;

import java.util.List;
import java.util.Map;

/** The overrides in force at the next step to be issued, and all that were accepted. */
public record OverridesAnswer(
    long nextStep,
    Map<String, Double> pins,
    Map<String, OverridesChange.Clamp> clamps,
    List<OperationView> history) {}
