package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.StreamFormat;

/** Takes each decoded picture of a session, in output order. */
interface PictureHandler {
  /**
   * @param decoded the caller closes it
   */
  void picture(EncodedPicture picture, DecodedFrame decoded, StreamFormat format);

  /** Pictures are missing before the next one, or it comes from another connection. */
  void discontinuity();
}
