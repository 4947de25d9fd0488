/**
 * A synthetic trainer in virtual time, against the code that serves real ones.
 *
 * <p>{@link dev.mixwell.simulate.World} says how losses fall, and {@link
 * dev.mixwell.simulate.Worlds} names some; {@link dev.mixwell.simulate.SyntheticTrainer} pulls
 * steps from a run, learns from their rows and posts what it saw; {@link
 * dev.mixwell.simulate.Simulation} puts a trainer and a run over a timeline in memory together;
 * {@link dev.mixwell.simulate.SimulateCommand} compares mixers. Everything follows from the seed:
 * the same numbers on every machine.
 *
 * <p>Stands on {@link dev.mixwell.run} and {@link dev.mixwell.mixer}; draws with {@link
 * dev.mixwell.chart}.
 */
@NullMarked
package dev.mixwell.simulate;

import org.jspecify.annotations.NullMarked;
