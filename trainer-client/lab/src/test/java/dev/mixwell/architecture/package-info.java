/**
 * What holds for all modules at once: dependencies between packages, the places of third-party
 * libraries, names and sizes. It stands here because this module's tests see every other module.
 */
@NullMarked
package dev.mixwell.architecture;

import org.jspecify.annotations.NullMarked;
