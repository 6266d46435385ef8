package dev.flinkvideo.operators.analyze;

/** Takes what analyzers find in the current picture. Valid during {@link Analyzer#analyze} only. */
public interface Findings {
  /** Session time of the current picture, in nanoseconds. */
  long timeNs();

  /**
   * The picture has been bad since {@code sinceNs}.
   *
   * @param alarm its name, e.g. {@code black}
   * @param value the measure that decided
   */
  void raise(String alarm, long sinceNs, double value);

  /**
   * It is good again, or, for an alarm without a duration such as a scene change, over.
   *
   * @param sinceNs as given to {@link #raise}
   */
  void clear(String alarm, long sinceNs, double value);

  /** Adds a measure of one's own to the observation, under {@code extra}. */
  void measure(String name, double value);
}
