package dev.mixwell.mixer;

/**
 * The gradients of one step (DoGE, arXiv 2310.15393, equation 4). The arrays belong to the
 * observation: nobody changes them.
 *
 * @param learningRate of the step
 * @param sums [m] inner product of the group's training gradient with the sum of the targets'
 * @param own [m] the part of it that is the group's own target's; 0 if it was not told apart
 * @param norms [m] length of the group's training gradient
 * @param seen [m] whether the group was reported
 */
public record Alignment(
    double learningRate, double[] sums, double[] own, double[] norms, boolean[] seen) {}
