package dev.mixwell.cli;

/** A command that hears of Ctrl-C and TERM signals itself, and says itself what becomes of it. */
public interface EndsItself {}
