package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;

/**
 * Looks at every picture of one session, in order, and says what it sees. Write your own: implement
 * this and {@link AnalyzerFactory}, name the factory in {@code META-INF/services}, and list it in
 * {@code analyze.analyzers}. One instance per session; task thread only. Keep nothing of the frame.
 */
public interface Analyzer {
  /**
   * @param frame the picture; the caller closes it
   * @param measures what one pass over the picture gave, valid during the call; so is its sampled
   *     grid
   * @param findings takes alarms and further measures
   */
  void analyze(Frame frame, PictureMeasures measures, Findings findings);

  /**
   * Pictures are missing before the next one, or it comes from another source: forget what must not
   * be compared across.
   */
  default void discontinuity() {}

  /**
   * After a restore, before the first picture: this alarm, which may be another analyzer's, was
   * raised and not cleared.
   */
  default void resume(String alarm, long sinceNs) {}
}
