/** Tests of the simulator, and by it of the mixers. */
@NullMarked
package dev.mixwell.simulate;

import org.jspecify.annotations.NullMarked;
