package dev.flinkvideo.operators.contributing;

import dev.flinkvideo.operators.analyze.Analyzer;
import dev.flinkvideo.operators.analyze.AnalyzerFactory;
import dev.flinkvideo.operators.analyze.Findings;
import dev.flinkvideo.operators.analyze.PictureMeasures;
import dev.flinkvideo.operators.frame.Frame;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** CONTRIBUTING.md's analyzer: raises an alarm while the picture is dim. Task thread only. */
public final class DimAnalyzer implements Analyzer {
  private final double below;
  private long sinceNs = -1;

  private DimAnalyzer(double below) {
    this.below = below;
  }

  @Override
  public void analyze(Frame frame, PictureMeasures measures, Findings findings) {
    boolean dim = measures.lumaMean() < below;
    if (dim && sinceNs < 0) {
      sinceNs = findings.timeNs();
      findings.raise("dim", sinceNs, measures.lumaMean());
    }
    if (!dim && sinceNs >= 0) {
      findings.clear("dim", sinceNs, measures.lumaMean());
      sinceNs = -1;
    }
  }

  /** Found by its name in META-INF/services, used if analyze.analyzers lists it. */
  public static final class Factory implements AnalyzerFactory {
    private static final ConfigOption<Double> BELOW =
        ConfigOptions.key("analyze.dim.below")
            .doubleType()
            .defaultValue(40.0)
            .withDescription("Mean luma, 0 to 255, below which a picture is dim.");

    @Override
    public String name() {
      return "dim";
    }

    @Override
    public Set<ConfigOption<?>> options() {
      return Set.of(BELOW);
    }

    @Override
    public Analyzer create(ReadableConfig options) {
      return new DimAnalyzer(options.get(BELOW));
    }
  }
}
