package dev.mixwell.mixer;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.base.Nearest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** All mixers there are, by name: the factories that {@link ServiceLoader} finds. */
public final class Mixers {
  /** More groups than this are refused, whatever the mixer. */
  public static final int MAX_GROUPS = 1024;

  private static final SortedMap<String, MixerFactory> FACTORIES = factories();

  private Mixers() {}

  /** In alphabetical order. */
  public static List<String> names() {
    return List.copyOf(FACTORIES.keySet());
  }

  /**
   * Makes the mixer that somebody asks for.
   *
   * @throws Refusal {@code invalid-mixer}, as {@link #recreate}, and for too many groups and a
   *     parameter that means nothing with the others
   */
  public static Mixer create(MixerSpec spec, MixerContext context) {
    if (context.size() < 1 || context.size() > MAX_GROUPS)
      throw new Refusal(
          ProblemType.INVALID_MIXER,
          "A mixer mixes 1 to " + MAX_GROUPS + " groups; the run has " + context.size() + ".");
    return create(factory(spec), spec, context);
  }

  static Mixer create(MixerFactory factory, MixerSpec spec, MixerContext context) {
    Parameters given = parameters(factory, spec);
    Mixer mixer = make(factory, given, context);
    given.refuseUnread();
    for (String read : given.read())
      if (!factory.parameters().contains(read))
        throw new IllegalStateException(
            "%s reads `%s`, which its parameters() does not name"
                .formatted(factory.getClass().getName(), read));
    return mixer;
  }

  /**
   * Makes the mixer that a run has recorded.
   *
   * @throws Refusal {@code invalid-mixer}: an unknown mixer or parameter (the nearest known one is
   *     named), a value of the wrong type or out of range, or groups it cannot mix
   */
  public static Mixer recreate(MixerSpec spec, MixerContext context) {
    MixerFactory factory = factory(spec);
    return make(factory, parameters(factory, spec), context);
  }

  private static MixerFactory factory(MixerSpec spec) {
    MixerFactory factory = FACTORIES.get(spec.name());
    if (factory == null)
      throw unknown("There is no mixer `" + spec.name() + "`", spec.name(), names());
    return factory;
  }

  private static Parameters parameters(MixerFactory factory, MixerSpec spec) {
    var values = Objects.requireNonNull(spec.parameters()); // the record puts {} for null
    for (String parameter : values.keySet())
      if (!factory.parameters().contains(parameter))
        throw unknown(
            "The mixer `" + spec.name() + "` has no parameter `" + parameter + "`",
            parameter,
            factory.parameters());
    return new Parameters(spec.name(), values);
  }

  private static Mixer make(MixerFactory factory, Parameters given, MixerContext context) {
    Mixer mixer = factory.create(given, context);
    if (mixer.awaits() == FeedbackKind.VALIDATION && context.validationRows() == 0)
      throw new Refusal(
          ProblemType.INVALID_MIXER,
          "The mixer `"
              + factory.name()
              + "` goes by validation losses, but the run serves no held-out rows: create it with `validationRows` above 0.");
    return mixer;
  }

  private static Refusal unknown(String what, String word, List<String> known) {
    String detail =
        known.isEmpty()
            ? what + "; it takes none."
            : what
                + "; did you mean `"
                + Nearest.of(word, known)
                + "`? Known are: "
                + String.join(", ", known)
                + ".";
    return new Refusal(ProblemType.INVALID_MIXER, detail);
  }

  private static SortedMap<String, MixerFactory> factories() {
    var byName = new TreeMap<String, MixerFactory>();
    for (var factory : ServiceLoader.load(MixerFactory.class, Mixers.class.getClassLoader()))
      if (byName.put(factory.name(), factory) != null)
        throw new IllegalStateException("two mixers are called " + factory.name());
    return byName;
  }
}
