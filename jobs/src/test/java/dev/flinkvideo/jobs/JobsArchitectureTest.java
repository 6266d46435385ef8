package dev.flinkvideo.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.flinkvideo.jobs",
    importOptions = ImportOption.DoNotIncludeTests.class)
class JobsArchitectureTest {
  private static final String BASE = "dev.flinkvideo.jobs.";

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching(BASE + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ffmpegStaysBelow =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule theJobKnowsNothingOfTheLauncher =
      noClasses()
          .that()
          .resideInAPackage("dev.flinkvideo.jobs")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              BASE + "cli..",
              BASE + "cluster..",
              BASE + "demo..",
              BASE + "lab..",
              BASE + "local..",
              BASE + "inspect..",
              BASE + "broker..",
              BASE + "plan..",
              BASE + "smoke..",
              "dev.flinkvideo.ingest..",
              "picocli..",
              "kafka..");

  @ArchTest
  static final ArchRule nothingButTheLauncherKnowsItsCommands =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BASE + "cli..", "picocli..");
}
