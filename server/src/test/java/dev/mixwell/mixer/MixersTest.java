package dev.mixwell.mixer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MixersTest {
  private static final MixerContext CONTEXT =
      new MixerContext(1, List.of("code", "web"), new long[] {100, 300}, 8, 16, 4);

  private static Mixer create(String json) {
    return Mixers.create(Json.read(json, MixerSpec.class), CONTEXT);
  }

  private static void assertRefused(String json, String... words) {
    var refusal = assertThrows(Refusal.class, () -> create(json));
    assertEquals(ProblemType.INVALID_MIXER, refusal.type());
    for (String word : words) assertTrue(refusal.detail().contains(word), refusal.detail());
  }

  @Test
  void mixersAreFoundByName() {
    assertTrue(
        Mixers.names().containsAll(List.of("odm", "static", "stratified", "temperature")),
        Mixers.names().toString());
    for (String name : List.of("odm", "stratified", "temperature"))
      assertEquals(name, create("{\"name\":\"" + name + "\"}").name());
  }

  @Test
  void fixedMixersWaitForNothingAndTakeOverAtTheirOwnProportions() {
    Mixer mixer =
        create("{\"name\":\"static\",\"parameters\":{\"weights\":{\"web\":1,\"code\":3}}}");
    assertNull(mixer.awaits());
    assertEquals(new Phase.Constant(), mixer.phase(5));
    assertArrayEquals(new double[] {0.75, 0.25}, mixer.start(Proportions.uniform(2)).p().toArray());
  }

  @Test
  void temperatureKeepsNaturalSharesAndFlattensThem() {
    assertArrayEquals(
        new double[] {0.25, 0.75},
        create("{\"name\":\"temperature\"}").start(null).p().toArray(),
        1e-15);
    var flat = create("{\"name\":\"temperature\",\"parameters\":{\"exponent\":0}}");
    assertArrayEquals(new double[] {0.5, 0.5}, flat.start(null).p().toArray(), 1e-15);
  }

  @Test
  void temperatureWithoutAnyTokensIsRefused() {
    var empty = new MixerContext(1, List.of("a", "b"), new long[2], 8, 16, 4);
    assertThrows(Refusal.class, () -> Mixers.create(new MixerSpec("temperature", Map.of()), empty));
  }

  @Test
  void unknownNamesAreRefusedWithTheNearestKnownOne() {
    assertRefused("{\"name\":\"statik\"}", "`statik`", "did you mean `static`");
    assertRefused(
        "{\"name\":\"odm\",\"parameters\":{\"warmup\":1}}",
        "`warmup`",
        "did you mean `warmupSteps`");
    assertRefused(
        "{\"name\":\"odm\",\"parameters\":{\"variant\":\"papper\"}}",
        "`variant`",
        "did you mean `paper`");
    assertRefused("{\"name\":\"stratified\",\"parameters\":{\"x\":1}}", "`x`", "takes none");
  }

  @Test
  void valuesOfTheWrongTypeOrOutOfRangeAreRefused() {
    assertRefused(
        "{\"name\":\"odm\",\"parameters\":{\"alpha\":\"0.9\"}}",
        "`alpha`",
        "\"0.9\"",
        "a number from 0.0");
    for (String bad : List.of("1", "-0.1", "1e999", "[1]", "true"))
      assertRefused("{\"name\":\"odm\",\"parameters\":{\"alpha\":" + bad + "}}", "`alpha`");
    for (String bad : List.of("0", "1.5", "1e30", "\"1\""))
      assertRefused(
          "{\"name\":\"odm\",\"parameters\":{\"updateFrequency\":" + bad + "}}",
          "`updateFrequency`",
          "whole number");
    assertRefused(
        "{\"name\":\"odm\",\"parameters\":{\"variant\":1}}", "`variant`", "paper, reference, exp3");
    assertRefused("{\"name\":\"temperature\",\"parameters\":{\"exponent\":-1}}", "`exponent`");
  }

  @Test
  void parametersOfAnotherVariantAreRefused() {
    assertRefused(
        "{\"name\":\"odm\",\"parameters\":{\"update\":\"single\"}}", "`update`", "`reference`");
    assertRefused(
        "{\"name\":\"odm\",\"parameters\":{\"rewardDivisor\":10}}", "`rewardDivisor`", "`exp3`");
    assertRefused(
        "{\"name\":\"odm\",\"parameters\":{\"variant\":\"exp3\",\"alpha\":0.5}}",
        "`alpha`",
        "`exp3`");
  }

  @Test
  void staticWeightsNameEachGroupOnce() {
    String form = "{\"name\":\"static\",\"parameters\":{\"weights\":%s}}";
    assertRefused("{\"name\":\"static\"}", "`weights`", "is missing", "[code, web]");
    assertRefused(form.formatted("{\"code\":1,\"wen\":1}"), "`wen`", "did you mean `web`");
    assertRefused(form.formatted("{\"code\":1}"), "`web`");
    assertRefused(form.formatted("{\"code\":1,\"web\":-2}"), "`web`", "-2");
    assertRefused(form.formatted("{\"code\":1,\"web\":1e999}"), "`web`");
    assertRefused(form.formatted("{\"code\":0,\"web\":0}"), "at least one");
    assertRefused(form.formatted("[1,2]"), "an object");
  }

  @Test
  void tooManyGroupsAreRefused() {
    var names = new String[Mixers.MAX_GROUPS + 1];
    for (int i = 0; i < names.length; i++) names[i] = "g" + i;
    var context = new MixerContext(1, List.of(names), new long[names.length], 8, 16, 4);
    assertThrows(Refusal.class, () -> Mixers.create(new MixerSpec("stratified", null), context));
  }

  /**
   * Reads {@code half} only where {@code mode} is {@code half}, and of its {@code parts} never the
   * {@code last}.
   */
  private record Careless(List<String> parameters) implements MixerFactory {
    @Override
    public String name() {
      return "careless";
    }

    @Override
    public Mixer create(Parameters given, MixerContext context) {
      if (given.choice("mode", "whole", List.of("whole", "half")).equals("half"))
        given.number("half", 0.5, 0, 1);
      if (given.has("parts"))
        for (Parameters part : given.objects("parts", List.of("first", "last"), 2))
          part.count("first", 0, 0, 9);
      return Mixers.recreate(new MixerSpec("stratified", Map.of()), context);
    }

    Mixer create(Map<String, Object> parameters) {
      return Mixers.create(this, new MixerSpec("careless", parameters), CONTEXT);
    }
  }

  @Test
  void aGivenParameterThatIsNotReadIsRefused() {
    var careless = new Careless(List.of("mode", "half", "parts"));
    careless.create(Map.of("mode", "half", "half", 0.1, "parts", List.of(Map.of("first", 1))));
    var refusal = assertThrows(Refusal.class, () -> careless.create(Map.of("half", 0.1)));
    assertEquals(ProblemType.INVALID_MIXER, refusal.type());
    assertTrue(
        refusal.detail().contains("`half` of the mixer `careless` means nothing"),
        refusal.detail());
    var parts = List.of(Map.of("first", 1), Map.of("last", 1));
    refusal = assertThrows(Refusal.class, () -> careless.create(Map.of("parts", parts)));
    assertTrue(refusal.detail().contains("`parts[1].last`"), refusal.detail());
  }

  @Test
  void aFactoryNamesAllThatItReads() {
    var careless = new Careless(List.of("mode"));
    careless.create(Map.of());
    var mistake =
        assertThrows(IllegalStateException.class, () -> careless.create(Map.of("mode", "half")));
    assertTrue(String.valueOf(mistake.getMessage()).contains("reads `half`"));
  }
}
