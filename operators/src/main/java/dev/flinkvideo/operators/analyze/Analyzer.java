package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

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
   * Writes everything that what it finds in the next pictures depends on. It becomes part of a
   * checkpoint, so keep it small, and begin with a version if you will ever change it.
   */
  default void write(DataOutput out) throws IOException {}

  /**
   * After a restore, before the first picture: takes back what an analyzer of the same name wrote.
   *
   * @param last the measures of the last picture before; only {@link PictureMeasures#samples} is
   *     valid
   */
  default void read(DataInput in, PictureMeasures last) throws IOException {}
}
