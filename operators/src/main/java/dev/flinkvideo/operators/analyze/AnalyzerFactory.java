package dev.flinkvideo.operators.analyze;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/** Makes one {@link Analyzer} per session; found by {@link java.util.ServiceLoader}. Stateless. */
public interface AnalyzerFactory {
  /** The name that {@code analyze.analyzers} lists, e.g. {@code black}. */
  String name();

  /**
   * Its own options, so that a job knows their keys; the library's are in {@link AnalyzeOptions}.
   */
  default Set<ConfigOption<?>> options() {
    return Set.of();
  }

  Analyzer create(ReadableConfig options);
}
