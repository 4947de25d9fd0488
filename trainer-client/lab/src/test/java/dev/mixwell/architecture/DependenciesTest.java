package dev.mixwell.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import dev.mixwell.base.Json;
import dev.mixwell.mixer.Mixer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DependenciesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.mixwell");

  /** A third-party library and the only packages of ours that may know it. */
  record Place(String library, String... packages) {
    @Override
    public String toString() {
      return library + " in " + String.join(", ", packages);
    }
  }

  static Stream<Place> places() {
    return Stream.of(
        new Place("org.apache.lucene..", "dev.mixwell.catalog.."),
        new Place("com.knuddels.jtokkit..", "dev.mixwell.tokenize.."),
        new Place(
            "com.github.luben.zstd..",
            "dev.mixwell.ingest..",
            "dev.mixwell.compress..",
            "dev.mixwell.columnar.."),
        new Place("org.apache.commons.compress..", "dev.mixwell.compress.."),
        new Place("org.apache.parquet..", "dev.mixwell.columnar.."),
        new Place("org.apache.arrow..", "dev.mixwell.columnar.."),
        new Place("org.apache.hadoop..", "dev.mixwell.columnar.."),
        new Place("org.xerial.snappy..", "dev.mixwell.columnar.."),
        new Place("software.amazon..", "dev.mixwell.objects.."),
        new Place("io.helidon..", "dev.mixwell.http..", "dev.mixwell.server.."),
        new Place("io.netty..", "dev.mixwell.pack.."),
        new Place("java.sql..", "dev.mixwell.timeline..", "dev.mixwell.sidecar.."),
        new Place("org.sqlite..", "dev.mixwell.timeline..", "dev.mixwell.sidecar.."),
        new Place("io.micrometer..", "dev.mixwell.http..", "dev.mixwell.metrics.."),
        new Place("ai.djl..", "dev.mixwell.trainer..", "dev.mixwell.tokenize.."),
        new Place("ai.djl.huggingface..", "dev.mixwell.tokenize.."),
        new Place(
            "picocli..",
            "dev.mixwell.index..",
            "dev.mixwell.groups..",
            "dev.mixwell.server..",
            "dev.mixwell.verify..",
            "dev.mixwell.simulate..",
            "dev.mixwell.trainer..",
            "dev.mixwell.demo..",
            "dev.mixwell.experiment.."),
        new Place(
            "me.tongfei.progressbar..",
            "dev.mixwell.index..",
            "dev.mixwell.verify..",
            "dev.mixwell.simulate..",
            "dev.mixwell.trainer..",
            "dev.mixwell.demo..",
            "dev.mixwell.experiment.."),
        new Place(
            "com.fasterxml.jackson..",
            "dev.mixwell.api..",
            "dev.mixwell.config..",
            "dev.mixwell.catalog..",
            "dev.mixwell.tokenize..",
            "dev.mixwell.ingest..",
            "dev.mixwell.format..",
            "dev.mixwell.timeline..",
            "dev.mixwell.verify..",
            "dev.mixwell.experiment.."));
  }

  @ParameterizedTest
  @MethodSource("places")
  void libraryStaysInItsPackages(Place place) {
    noClasses()
        .that()
        .resideOutsideOfPackages(place.packages())
        .should()
        .dependOnClassesThat()
        .resideInAPackage(place.library())
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.mixwell.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void namesSayWhatATypeIs() {
    noClasses()
        .should()
        .haveNameMatching(".*[.$](Abstract[A-Z]\\w*|\\w*(Impl|Manager|Utils?|Helper))")
        .check(CLASSES);
  }

  /** An importer that cannot read this JDK's class files skips them, and every rule then holds. */
  @Test
  void rulesSeeTheClassesOfAllModules() {
    assertTrue(CLASSES.contain(Json.class), "no class of api-spec");
    assertTrue(CLASSES.contain(Mixer.class), "no class of server");
  }
}
