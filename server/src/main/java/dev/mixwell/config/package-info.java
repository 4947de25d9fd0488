/**
 * The server's configuration: one YAML file, environment variables and command-line flags, bound
 * into one validated record.
 *
 * <p>Read once at start by package {@code server}; the other packages get values, never keys. A key
 * that nobody knows refuses the start and names the nearest one that exists. The only package that
 * knows YAML.
 */
@NullMarked
package dev.mixwell.config;

import org.jspecify.annotations.NullMarked;
