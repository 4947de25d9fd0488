package dev.mixwell.lines;

/** A line without its end; {@code utf8} is not yet known to be UTF-8. */
public record Line(Place place, byte[] utf8) {}
