package dev.mixwell.trainer.model;

/**
 * The decoder's shape.
 *
 * @param vocabulary token ids are below it
 * @param rowTokens T: the longest input
 * @param width of the residual stream; {@code heads} divides it
 * @param tied whether the output layer is the token embedding
 */
public record ModelConfig(
    int vocabulary, int rowTokens, int layers, int width, int heads, boolean tied) {
  public ModelConfig {
    if (vocabulary < 1 || rowTokens < 1 || layers < 1 || width < 1 || heads < 1)
      throw new IllegalArgumentException("a model's sizes are at least 1");
    if (width % heads != 0)
      throw new IllegalArgumentException(
          "width " + width + " cannot be shared by " + heads + " heads");
  }

  int headWidth() {
    return width / heads;
  }
}
