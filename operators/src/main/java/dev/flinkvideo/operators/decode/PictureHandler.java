package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.StreamFormat;

/** Takes each decoded picture of a session, in output order. */
interface PictureHandler {
  /**
   * @param decoded the caller closes it
   * @param fidelity which pictures of the session are decoded now
   */
  void picture(
      EncodedPicture picture, DecodedFrame decoded, StreamFormat format, Fidelity fidelity);

  /** Pictures are missing before the next one, or it comes from another connection. */
  void discontinuity();
}
