package dev.mixwell.manifest;

/** The least and the greatest of a key's numbers, or of its dates, as text. */
public record ValueBounds(String least, String greatest) {}
