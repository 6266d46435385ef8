package dev.flinkvideo.operators;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.flinkvideo.operators",
    importOptions = ImportOption.DoNotIncludeTests.class)
class OperatorsArchitectureTest {
  private static final String BASE = "dev.flinkvideo.operators.";

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching(BASE + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ffmpegStaysInDecode =
      noClasses()
          .that()
          .resideOutsideOfPackages(BASE + "decode..", BASE + "analyze..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule admissionKnowsNothingOfPictures =
      noClasses()
          .that()
          .resideInAPackage(BASE + "admission..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BASE + "decode..", BASE + "frame..", BASE + "analyze..");

  @ArchTest
  static final ArchRule analyzersKnowFramesOnly =
      noClasses()
          .that()
          .resideInAPackage(BASE + "analyze..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BASE + "decode..", BASE + "admission..", BASE + "kafka..");

  @ArchTest
  static final ArchRule framesKnowNoStage =
      noClasses()
          .that()
          .resideInAPackage(BASE + "frame..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              BASE + "decode..", BASE + "admission..", BASE + "analyze..", BASE + "kafka..");

  @ArchTest
  static final ArchRule operatorsKnowNeitherJobsNorIngest =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.flinkvideo.jobs..", "dev.flinkvideo.ingest..");
}
