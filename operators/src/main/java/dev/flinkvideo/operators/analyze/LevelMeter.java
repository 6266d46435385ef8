package dev.flinkvideo.operators.analyze;

/**
 * Statistics of the levels of one sampled picture: how bright, how varied, how colourful, how much
 * of it is black. Task thread only.
 */
final class LevelMeter {
  /** What blackdetect calls black, as a share of the range of luma. */
  private static final double BLACK = 0.10;

  private double lumaMean;
  private double contrast;
  private double saturation;
  private double blackShare;

  void measure(SampledPicture picture, boolean fullRange) {
    measureLuma(picture.luma(), blackLevel(fullRange || Component.isRgb(picture.format())));
    saturation =
        picture.format().chroma().length == 2
            ? saturation(picture.component(1), picture.component(2))
            : 0;
  }

  double lumaMean() {
    return lumaMean;
  }

  double contrast() {
    return contrast;
  }

  double saturation() {
    return saturation;
  }

  double blackShare() {
    return blackShare;
  }

  /** The highest level that is black, cut to a whole number as blackdetect does. */
  private static int blackLevel(boolean fullRange) {
    return (int) (fullRange ? BLACK * 255 : 16 + BLACK * (235 - 16));
  }

  private void measureLuma(byte[] luma, int blackLevel) {
    int sum = 0;
    long squares = 0;
    int black = 0;
    for (byte sample : luma) {
      int level = sample & 0xff;
      sum += level;
      squares += level * level;
      black += (level - blackLevel - 1) >>> 31; // 1 up to the black level, without a branch
    }
    double count = luma.length;
    lumaMean = sum / count;
    contrast = Math.sqrt(Math.max(0, squares / count - lumaMean * lumaMean));
    blackShare = black / count;
  }

  /** Each distance is cut to a whole number, as signalstats does. */
  private static double saturation(byte[] cb, byte[] cr) {
    int sum = 0;
    for (int i = 0; i < cb.length; i++) {
      int b = (cb[i] & 0xff) - 128;
      int r = (cr[i] & 0xff) - 128;
      sum += (int) Math.sqrt(b * b + r * r);
    }
    return (double) sum / cb.length;
  }
}
