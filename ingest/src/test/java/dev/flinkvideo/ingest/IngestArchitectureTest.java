package dev.flinkvideo.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.flinkvideo.ingest",
    importOptions = ImportOption.DoNotIncludeTests.class)
class IngestArchitectureTest {
  private static final String BASE = "dev.flinkvideo.ingest.";

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching(BASE + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ffmpegStaysInTransport =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "transport..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule transportsKnowNoKafka =
      noClasses()
          .that()
          .resideInAPackage(BASE + "transport..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule ingestKnowsNeitherFlinkNorOperators =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..", "dev.flinkvideo.operators..", "dev.flinkvideo.jobs..");
}
