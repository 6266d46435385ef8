package dev.flinkvideo.operators.analyze;

import static org.apache.flink.configuration.ConfigOptions.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.frame.Frame;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.util.TemporaryClassLoaderContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyzersTest {
  /** The example of docs/analyze.md. */
  public static final class DarkFactory implements AnalyzerFactory {
    private static final ConfigOption<Double> BELOW =
        key("analyze.dark.below").doubleType().defaultValue(40.0);

    @Override
    public String name() {
      return "dark";
    }

    @Override
    public Set<ConfigOption<?>> options() {
      return Set.of(BELOW);
    }

    @Override
    public Analyzer create(ReadableConfig options) {
      return new Dark(options.get(BELOW));
    }
  }

  private static final class Dark implements Analyzer {
    private final double below;
    private final Alarm alarm = new Alarm("dark", Duration.ofSeconds(5));

    private Dark(double below) {
      this.below = below;
    }

    @Override
    public void analyze(Frame frame, PictureMeasures measures, Findings findings) {
      double luma = measures.lumaMean();
      findings.measure("headroom", 235 - luma);
      if (luma < below) {
        alarm.bad(findings.timeNs(), luma, findings);
        return;
      }
      alarm.good(luma, findings);
    }

    @Override
    public void write(DataOutput out) throws IOException {
      alarm.write(out);
    }

    @Override
    public void read(DataInput in, PictureMeasures last) throws IOException {
      alarm.read(in);
    }
  }

  private static final String SERVICES = "META-INF/services/";

  private final Configuration options = new Configuration();

  @Test
  void shouldFindAFactoryForEveryDefault() {
    assertThat(ServiceLoader.load(AnalyzerFactory.class))
        .extracting(AnalyzerFactory::name)
        .containsAll(AnalyzeOptions.ANALYZERS.defaultValue());
    assertThat(Analyzers.configured(options).newJudge()).isNotNull();
  }

  @Test
  @SuppressWarnings("try") // the class loader is set by being there
  void shouldUseAnAnalyzerOfTheJobsOwn(@TempDir Path jar) throws Exception {
    Path services = Files.createDirectories(jar.resolve(SERVICES));
    Files.writeString(
        services.resolve(AnalyzerFactory.class.getName()), DarkFactory.class.getName());
    Configuration options =
        Configuration.fromMap(
            Map.of("analyze.analyzers", "black;dark", "analyze.dark.below", "50"));
    RecordedFindings heard = new RecordedFindings();
    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
        TemporaryClassLoaderContext context = TemporaryClassLoaderContext.of(loader);
        PicturePool pool = new PicturePool()) {
      PictureJudge judge = Analyzers.configured(options).newJudge();
      for (int level : new int[] {40, 45, 80}) {
        try (Frame frame = pool.draw(PicturePool.YUV420, 64, 36, (component, x, y) -> level)) {
          judge.judge(frame, RecordedFindings.ns(level), heard);
        }
      }
      assertThat(Analyzers.furtherOptions()).containsExactly(DarkFactory.BELOW);
      assertThat(judge.extraMeasures()).containsEntry("headroom", 155.0);
    }
    assertThat(heard.heard)
        .containsExactly("dark raised at 45.0 since 40.0", "dark cleared at 80.0 since 40.0");
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
