/** The program and the scripts of a checkout, as whoever starts them meets them. */
@NullMarked
package dev.mixwell.lab;

import org.jspecify.annotations.NullMarked;
