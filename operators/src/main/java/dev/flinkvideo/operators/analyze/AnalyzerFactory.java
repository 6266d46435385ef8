package dev.flinkvideo.operators.analyze;

import org.apache.flink.configuration.ReadableConfig;

/** Makes one {@link Analyzer} per session; found by {@link java.util.ServiceLoader}. Stateless. */
public interface AnalyzerFactory {
  /** The name that {@code analyze.analyzers} lists, e.g. {@code black}. */
  String name();

  Analyzer create(ReadableConfig options);
}
