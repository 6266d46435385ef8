package dev.flinkvideo.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.flinkvideo.protocol",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ProtocolArchitectureTest {
  @ArchTest
  static final ArchRule shouldKnowNeitherFlinkNorFfmpegNorKafka =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache..", "org.bytedeco..", "dev.flinkvideo.operators..")
          .because("producers and consumers outside this project use the protocol alone");

  @ArchTest
  static final ArchRule shouldKeepTheGeneratedCodeFreeOfOurs =
      noClasses()
          .that()
          .resideInAPackage("dev.flinkvideo.protocol.wire")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.flinkvideo.protocol");

  @ArchTest
  static final ArchRule shouldHaveNoCycles =
      slices().matching("dev.flinkvideo.protocol.(*)..").should().beFreeOfCycles();
}
