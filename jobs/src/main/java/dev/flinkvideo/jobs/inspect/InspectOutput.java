package dev.flinkvideo.jobs.inspect;

import dev.flinkvideo.operators.analyze.AlarmListener;

/**
 * One way of showing what was found. Called in the order of the pictures, then once with the
 * summary.
 */
public interface InspectOutput extends AlarmListener {
  void begin(InspectedStream stream);

  void frame(InspectedFrame frame);

  void end(InspectSummary summary);

  @Override
  default void raised(String alarm, long sinceNs, long timeNs, double value) {}

  @Override
  default void cleared(String alarm, long sinceNs, long timeNs, double value) {}
}
