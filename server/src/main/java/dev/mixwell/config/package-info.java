/**
 * The server's configuration: one YAML file, environment variables and command-line flags, bound
 * into one validated record.
 *
 * <p>Package {@code server} reads it once, at the start; the other packages get values, never keys.
 * A key that does not exist refuses the start, and the refusal names the nearest one that does. The
 * only package that knows YAML; {@link dev.mixwell.experiment.record} reads it through {@link
 * dev.mixwell.config.Yaml}. A test makes {@code docs/server-configuration.md} from it.
 */
@NullMarked
package dev.mixwell.config;

import org.jspecify.annotations.NullMarked;
