/**
 * Groups before there is a run: the command that shows what queries would give.
 *
 * <p>Stands on {@link dev.mixwell.group}, which resolves the queries as a run would.
 */
@NullMarked
package dev.mixwell.groups;

import org.jspecify.annotations.NullMarked;
