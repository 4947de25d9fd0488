package dev.mixwell.rules;

import org.junit.jupiter.api.Test;

/** The rules of the house, on the Java client. */
class ClientLayoutTest extends LayoutRules {
  /** A trainer brings its own framework; the client must not bring another. */
  @Test
  void theClientComesWithTheContractOnly() {
    check(ClassPath.strangers("trainer-client/client/pom.xml", "mixwell-.*"));
  }
}
