package dev.mixwell.demo;

import dev.mixwell.base.Json;
import dev.mixwell.base.Sha256;

/**
 * A document of the demo's corpus.
 *
 * @param id 20 hex digits of a SHA-256 over all that tells it from others
 * @param source the jar's coordinates
 * @param path of the file in the jar, with a place in it if it holds several documents
 * @param lang of the text, or the programming language
 */
record Document(
    String id, String text, String group, String source, String path, String lang, String license) {
  private static final int ID_DIGITS = 20;

  /** Where a document comes from. */
  record Origin(String group, Jar jar, String path, String lang, String license) {}

  static Document of(Origin from, String text) {
    String source = from.jar.coordinates();
    String all = String.join("|", from.group, source, from.path, Sha256.of(text));
    String id = Sha256.of(all).substring(0, ID_DIGITS);
    return new Document(id, text, from.group, source, from.path, from.lang, from.license);
  }

  /** One line of JSON with its line feed, spaced so that the digests of the files are fixed. */
  String line() {
    return "{\"id\": %s, \"text\": %s, \"group\": %s, \"source\": %s, \"path\": %s, \"lang\": %s, \"license\": %s}\n"
        .formatted(
            Json.write(id),
            Json.write(text),
            Json.write(group),
            Json.write(source),
            Json.write(path),
            Json.write(lang),
            Json.write(license));
  }
}
