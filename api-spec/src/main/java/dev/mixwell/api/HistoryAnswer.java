package dev.mixwell.api;

import java.util.List;

/**
 * Issued steps of the newest attempt's lineage.
 *
 * @param from the first step asked for
 * @param operations who changed what and why: what is in force at the first of the steps, and what
 *     takes effect at the others
 */
public record HistoryAnswer(long from, List<HistoryEntry> steps, List<OperationView> operations) {}
