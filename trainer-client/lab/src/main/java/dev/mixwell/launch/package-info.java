/**
 * Mixwell's own commands in processes of their own. {@link dev.mixwell.launch.Launcher} is the
 * program, {@link dev.mixwell.launch.Child} one started command, and {@link
 * dev.mixwell.launch.LocalServer} a server that lives as long as its owner needs it. Packages
 * {@code demo} and {@code experiment} use it.
 */
@NullMarked
package dev.mixwell.launch;

import org.jspecify.annotations.NullMarked;
