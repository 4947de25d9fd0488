/** The trainer against a real server. */
@NullMarked
package dev.mixwell.endtoend;

import org.jspecify.annotations.NullMarked;
