package dev.mixwell.lines;

/**
 * A line without its end; {@code utf8} is not yet known to be UTF-8. The bytes belong to it: they
 * are read for it alone, and nobody changes them.
 */
@SuppressWarnings("ArrayRecordComponent") // read once, parsed once; a copy would double the work
public record Line(Place place, byte[] utf8) {}
