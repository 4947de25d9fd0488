package dev.mixwell.pack;

import dev.mixwell.api.BatchHeaders;

/** How a batch is written down. */
public enum BodyFormat {
  /** Tokens, groups, document boundaries and the facts; see {@link SafetensorsLayout}. */
  SAFETENSORS(0, BatchHeaders.SAFETENSORS),
  /** The tokens alone, row by row, little-endian. */
  OCTET_STREAM(1, BatchHeaders.OCTET_STREAM),
  /** For people. */
  JSON(2, BatchHeaders.JSON);

  private final int code;
  private final String mediaType;

  BodyFormat(int code, String mediaType) {
    this.code = code;
    this.mediaType = mediaType;
  }

  /**
   * @throws IllegalArgumentException if no format has this media type
   */
  public static BodyFormat of(String mediaType) {
    for (BodyFormat format : values()) if (format.mediaType.equals(mediaType)) return format;
    throw new IllegalArgumentException(mediaType);
  }

  /** Its number in the tags of bodies, which never changes. */
  int code() {
    return code;
  }

  public String mediaType() {
    return mediaType;
  }
}
