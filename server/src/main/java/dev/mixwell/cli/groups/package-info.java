/**
 * The command {@code mixwell groups}: what queries would give, before there is a run.
 *
 * <p>Stands on {@link dev.mixwell.group}, which resolves the queries as a run would, and on {@link
 * dev.mixwell.query}, which says how they are understood.
 */
@NullMarked
package dev.mixwell.cli.groups;

import org.jspecify.annotations.NullMarked;
