package dev.flinkvideo.operators.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.ServiceLoader;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class AnalyzersTest {
  private final Configuration options = new Configuration();

  @Test
  void shouldFindAFactoryForEveryDefault() {
    assertThat(ServiceLoader.load(AnalyzerFactory.class))
        .extracting(AnalyzerFactory::name)
        .containsAll(AnalyzeOptions.ANALYZERS.defaultValue());
    assertThat(Analyzers.configured(options).newJudge()).isNotNull();
  }

  @Test
  void shouldRefuseAnUnknownNameAndListTheKnown() {
    options.set(AnalyzeOptions.ANALYZERS, List.of("black", "blak"));
    assertThatThrownBy(() -> Analyzers.configured(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "analyze.analyzers: analyzer=blak is unknown;"
                + " known are [black, blocky, blurred, frozen, scene-change]");
  }

  @Test
  void shouldRefuseAClearThresholdStricterThanTheThreshold() {
    options.set(AnalyzeOptions.BLURRED_THRESHOLD, 0.5);
    assertThatThrownBy(() -> Analyzers.configured(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("analyze.blurred: threshold=0.5 clear-threshold=0.27");
  }
}
