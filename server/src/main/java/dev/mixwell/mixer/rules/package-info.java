/** The update rules that need one file each, and the arithmetic that several of them share. */
@NullMarked
package dev.mixwell.mixer.rules;

import org.jspecify.annotations.NullMarked;
