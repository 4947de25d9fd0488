package dev.mixwell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.mixwell.base.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunDraftTest {
  private static final List<RunSpec.Group> GROUPS = List.of(new RunSpec.Group("a", "*:*"));

  /** Nothing in it is a default. */
  private static final String FULL =
      """
      {"seed": 3, "groups": [{"name": "b", "query": "x:y"}], "batchRows": 8, "rowTokens": 32,
       "unitRows": 2, "composition": "iid", "mixer": {"name": "odm", "parameters": {}},
       "lookahead": 3, "issueAhead": 5, "exhausted": {"policy": "stop"}, "reporters": "ranks",
       "closing": {"policy": "close-after", "afterMillis": 9}, "validationRows": 7,
       "validationShare": 0.25, "evaluateEvery": 11, "limits": {"floor": 0.125, "maxChange": 0.5},
       "packing": "best-fit"}""";

  @Test
  void whatIsNotSaidHasItsDefault() {
    String least =
        """
        {"seed": 1, "groups": [{"name": "a", "query": "*:*"}], "batchRows": 4, "rowTokens": 16}""";
    assertEquals(Json.read(least, RunSpec.class), RunSpec.draft(1, GROUPS, 4, 16).spec());
  }

  @Test
  void aLimitThatIsNotSaidBoundsNothing() {
    assertEquals(new RunSpec.Limits(0.1, 1.0), Json.read("{\"floor\": 0.1}", RunSpec.Limits.class));
    assertEquals(
        new RunSpec.Limits(0.0, 0.2), Json.read("{\"maxChange\": 0.2}", RunSpec.Limits.class));
  }

  @Test
  void eachMemberIsWhatWasSaid() {
    RunSpec drafted =
        RunSpec.draft(3, List.of(new RunSpec.Group("b", "x:y")), 8, 32)
            .unitRows(2)
            .composition(RunSpec.Composition.IID)
            .mixer(new MixerSpec("odm", Map.of()))
            .lookahead(3)
            .issueAhead(5)
            .exhausted(new RunSpec.Exhausted(RunSpec.Exhausted.Policy.STOP, null))
            .reporters(RunSpec.Reporters.RANKS)
            .closing(new RunSpec.Closing(RunSpec.Closing.Policy.CLOSE_AFTER, 9L))
            .validationRows(7)
            .validationShare(0.25)
            .evaluateEvery(11)
            .limits(new RunSpec.Limits(0.125, 0.5))
            .packing(RunSpec.Packing.BEST_FIT)
            .spec();
    assertEquals(Json.read(FULL, RunSpec.class), drafted);
  }

  @Test
  void aDraftOfASpecKeepsEveryMember() throws ReflectiveOperationException {
    RunSpec full = Json.read(FULL, RunSpec.class);
    RunSpec usual = RunSpec.draft(1, GROUPS, 4, 16).spec();
    for (var member : RunSpec.class.getRecordComponents())
      assertNotEquals(
          member.getAccessor().invoke(usual),
          member.getAccessor().invoke(full),
          "give FULL another " + member.getName());
    assertEquals(full, full.draft().spec());
  }
}
