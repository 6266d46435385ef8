package dev.flinkvideo.operators.analyze;

/**
 * What one pass over a picture gives; docs/analyze.md has the formulas. Valid until the next
 * picture of the session is measured. Task thread only.
 */
public interface PictureMeasures {
  /** Mean luma of the sampled grid on the 8-bit scale, 0 to 255. */
  double lumaMean();

  /** Standard deviation of luma on the 8-bit scale. */
  double contrast();

  /**
   * Mean distance of the sampled chroma from grey on the 8-bit scale, as signalstats' SATAVG; 0 for
   * grey and RGB.
   */
  double saturation();

  /** Share of samples that blackdetect calls black, 0 to 1. */
  double blackShare();

  /**
   * Mean absolute difference to the previous picture over luma and chroma, 0 to 1; 1 where there is
   * none to compare.
   */
  double difference();

  /** How steep edges are, 0 (blurred) to 1 (sharp); 0 where there is no edge. */
  double sharpness();

  /**
   * How much stronger steps are on the 8-pixel coding grid than off it; 1 where there is no grid to
   * be seen, 10 and more where anyone sees it.
   */
  double blockiness();

  /** scdet's score, 0 to 100; 0 where there is no picture to compare. */
  double sceneScore();

  /** The sampled grid itself. */
  SampledPicture samples();

  /** A measure as it is written: to a millionth, which is finer than any of them is exact. */
  static double written(double measure) {
    return Math.rint(measure * 1e6) / 1e6;
  }
}
