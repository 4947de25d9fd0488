package dev.mixwell.mixer.rules;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.MixerFactory;
import dev.mixwell.mixer.Parameters;
import dev.mixwell.mixer.Proportions;
import java.util.List;

/**
 * {@code temperature}: shares proportional to n^exponent, n the tokens of a group. 1 (default)
 * keeps the natural shares, 0 makes them equal, 0.5 is RegMix's tempered prior (arXiv 2407.01492).
 * Texts that speak of a temperature T mean the exponent 1/T.
 *
 * <p>A group without tokens has the share 0, even for the exponent 0.
 */
public final class Temperature implements MixerFactory {
  private static final double MOST_EXPONENT = 100;

  @Override
  public String name() {
    return "temperature";
  }

  /**
   * What each says:
   *
   * <ul>
   *   <li>{@code exponent}: the power of a group's tokens that its share is proportional to.
   * </ul>
   */
  @Override
  public List<String> parameters() {
    return List.of("exponent");
  }

  @Override
  public Mixer create(Parameters parameters, MixerContext context) {
    double exponent = parameters.number("exponent", 1, 0, MOST_EXPONENT);
    long[] groupTokens = context.groupTokens();
    double[] sizes = new double[groupTokens.length];
    double largest = 0;
    for (int i = 0; i < sizes.length; i++) largest = Math.max(largest, sizes[i] = groupTokens[i]);
    if (largest == 0)
      throw new Refusal(
          ProblemType.INVALID_MIXER,
          "The mixer `temperature` has no sizes to go by: no group of the run has tokens.");
    return new Fixed(name(), 1, Proportions.of(shares(sizes, exponent)));
  }

  /** Shares [m] of sizes [m], computed as softmax(exponent ln n); NaNs if all sizes are 0. */
  public static double[] shares(double[] sizes, double exponent) {
    double[] exponents = new double[sizes.length];
    for (int i = 0; i < sizes.length; i++)
      exponents[i] = sizes[i] > 0 ? exponent * StrictMath.log(sizes[i]) : Double.NEGATIVE_INFINITY;
    return Softmax.of(exponents);
  }
}
