package dev.mixwell.mixer;

import java.util.List;

/**
 * Makes the mixers of one name. {@link java.util.ServiceLoader} finds it: a new mixer is a class
 * and a line in {@code META-INF/services/dev.mixwell.mixer.MixerFactory}. Stateless.
 */
public interface MixerFactory {
  /** The name in a specification, such as {@code odm}. */
  String name();

  /** All parameters it takes; any other is refused before {@link #create}. */
  List<String> parameters();

  /**
   * Makes a mixer for a run of these groups.
   *
   * @throws dev.mixwell.base.Refusal {@code invalid-mixer}, naming the parameter and what is
   *     expected of it
   */
  Mixer create(Parameters parameters, MixerContext context);
}
