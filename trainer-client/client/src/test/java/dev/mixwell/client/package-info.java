/** The client against a peer of real sockets that loses answers on purpose. */
@NullMarked
package dev.mixwell.client;

import org.jspecify.annotations.NullMarked;
