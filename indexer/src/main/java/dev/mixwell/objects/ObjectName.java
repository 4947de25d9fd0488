package dev.mixwell.objects;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;

/**
 * An object, or the beginning of the names of several.
 *
 * @param key empty for the whole bucket
 */
public record ObjectName(String bucket, String key) {
  private static final String SCHEME = "s3://";

  /** Whether a location that a user names lies in an object store. */
  public static boolean isUri(String location) {
    return location.contains("://");
  }

  /**
   * @param uri {@code s3://bucket/key}
   * @throws Refusal bad-input for anything else
   */
  public static ObjectName of(String uri) {
    String rest = uri.startsWith(SCHEME) ? uri.substring(SCHEME.length()) : "";
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    if (bucket.isEmpty())
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "%s is no place in an object store: write s3://BUCKET/KEY.".formatted(uri));
    return new ObjectName(bucket, slash < 0 ? "" : rest.substring(slash + 1));
  }

  /** The object of another key in the same bucket. */
  public ObjectName withKey(String other) {
    return new ObjectName(bucket, other);
  }

  @Override
  public String toString() {
    return SCHEME + bucket + "/" + key;
  }
}
