package dev.mixwell.mixer;

import java.util.List;

/**
 * Makes the mixers of one name. {@link java.util.ServiceLoader} finds it: a new mixer is a class
 * and a line in {@code META-INF/services/dev.mixwell.mixer.MixerFactory}. Stateless.
 */
public interface MixerFactory {
  /** The name in a specification, such as {@code odm}. */
  String name();

  /**
   * All parameters it takes, as users are shown them. Any other is refused before {@link #create},
   * and one that {@link #create} reads and that is not here is a mistake of the factory's.
   */
  List<String> parameters();

  /**
   * Makes a mixer for a run of these groups. A parameter that is given and that this does not read
   * is refused afterwards: it would say nothing.
   *
   * @throws dev.mixwell.base.Refusal {@code invalid-mixer}, naming the parameter and what is
   *     expected of it
   */
  Mixer create(Parameters parameters, MixerContext context);
}
