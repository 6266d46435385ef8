package dev.flinkvideo.operators.decode;

/** Takes each decoded picture of a session, in output order. */
interface PictureHandler {
  /**
   * @param decoded the caller closes it
   */
  void picture(EncodedPicture picture, DecodedFrame decoded, StreamTime time);

  /** Pictures are missing before the next one, or it comes from another connection. */
  void discontinuity();

  /** The time base of the stream being decoded. */
  record StreamTime(int timeBaseNumerator, int timeBaseDenominator) {}
}
