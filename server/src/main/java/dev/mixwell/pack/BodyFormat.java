package dev.mixwell.pack;

import dev.mixwell.api.BatchHeaders;

/** How a batch is written down. */
public enum BodyFormat {
  /** Tokens, groups, document boundaries and the facts; see {@link SafetensorsLayout}. */
  SAFETENSORS(BatchHeaders.SAFETENSORS),
  /** The tokens alone, row by row, little-endian. */
  OCTET_STREAM(BatchHeaders.OCTET_STREAM),
  /** For people. */
  JSON(BatchHeaders.JSON);

  private final String mediaType;

  BodyFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }
}
