package dev.mixwell.api;

/**
 * Names of the headers beside a batch body. Facts that can change after a step is issued are here
 * and never in the body.
 */
public final class BatchHeaders {
  /**
   * {@code true} when the mixer waits for validation losses once this step is trained. For several
   * batches in one answer, a value each, separated by commas.
   */
  public static final String EVALUATE_AFTER = "Mixwell-Evaluate-After";

  /** Octet-stream bodies only: {@code rows,T+1}. */
  public static final String SHAPE = "Mixwell-Shape";

  /** Octet-stream bodies only: {@code U16} or {@code I32}. */
  public static final String DTYPE = "Mixwell-Dtype";

  public static final String SAFETENSORS = "application/vnd.safetensors";
  public static final String OCTET_STREAM = "application/octet-stream";
  public static final String JSON = "application/json";
  public static final String PROBLEM_JSON = "application/problem+json";

  private BatchHeaders() {}
}
