/**
 * The entry point of a checkout: the program {@code mixwell} with every command. Those of package
 * {@code cli.index} and of module {@code server} are the same as in a published image.
 */
@NullMarked
package dev.mixwell.lab;

import org.jspecify.annotations.NullMarked;
