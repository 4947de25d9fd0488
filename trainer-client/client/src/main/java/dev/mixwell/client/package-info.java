/**
 * The client of a run, for trainers on the JVM: a lean transport, retries, batches pulled ahead,
 * feedback posted behind.
 *
 * <p>From below: {@link dev.mixwell.client.Transport} moves bytes, {@link
 * dev.mixwell.client.MixwellClient} retries and names problems, {@link
 * dev.mixwell.client.RunClient} and {@link dev.mixwell.client.AttemptClient} know the addresses;
 * {@link dev.mixwell.client.BatchStream} and {@link dev.mixwell.client.FeedbackPoster} are the two
 * halves of a training loop. Depends on packages {@code api} and {@code base} only; package {@code
 * trainer} is its first user.
 */
@NullMarked
package dev.mixwell.client;

import org.jspecify.annotations.NullMarked;
