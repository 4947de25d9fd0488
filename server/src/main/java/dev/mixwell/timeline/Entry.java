package dev.mixwell.timeline;

/**
 * An event in its place.
 *
 * @param sequence 0-based, without gaps
 * @param atMillis wall clock when it was accepted, milliseconds since 1970; decides no bytes
 */
public record Entry(long sequence, long atMillis, Event event) {}
