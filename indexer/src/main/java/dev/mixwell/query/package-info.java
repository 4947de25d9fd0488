/**
 * What a query says: its words, brackets and operators, read once and printed with every bracket.
 *
 * <p>Uses nothing of ours. {@link dev.mixwell.catalog} gives it keys and finds documents with it.
 * The words are those of Lucene's classic parser; the precedence is that of logic.
 */
@NullMarked
package dev.mixwell.query;

import org.jspecify.annotations.NullMarked;
