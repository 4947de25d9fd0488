package dev.mixwell.http.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  @Test
  void whatDoesNotFitIsRefusedUntilBytesAreGivenBack() {
    var admission = new Admission(100);
    var first = admission.admit(60);
    var second = admission.admit(40);
    assertEquals(
        ProblemType.TOO_MANY_REQUESTS,
        assertThrows(Refusal.class, () -> admission.admit(1)).type());
    assertEquals(100, admission.inFlightBytes());
    second.close();
    admission.admit(40).close();
    first.close();
    assertEquals(0, admission.inFlightBytes());
  }

  @Test
  void aBodyLargerThanTheBoundGoesAlone() {
    var admission = new Admission(100);
    try (var large = admission.admit(1_000)) {
      assertThrows(Refusal.class, () -> admission.admit(1));
    }
    assertEquals(0, admission.inFlightBytes());
  }
}
