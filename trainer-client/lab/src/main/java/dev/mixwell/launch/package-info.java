/**
 * Mixwell's own commands in processes of their own: {@link dev.mixwell.launch.Launcher} is the
 * script, {@link dev.mixwell.launch.Child} one started command, {@link
 * dev.mixwell.launch.LocalServer} a server for as long as somebody here needs it. Used by packages
 * {@code demo} and {@code experiment}.
 */
@NullMarked
package dev.mixwell.launch;

import org.jspecify.annotations.NullMarked;
