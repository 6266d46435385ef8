package dev.flinkvideo.ingest.transport.webrtc.picture;

/**
 * Puts one picture at a time together from the payloads of its packets, which come in order and
 * without holes. Of one stream; one thread.
 */
interface Depacketizer {
  /** Whether a picture that can be decoded by itself may begin with this payload. */
  boolean beginsPicture(byte[] bytes, int from, int end);

  /**
   * Takes the next payload of the picture.
   *
   * @return false if it is malformed
   */
  boolean add(byte[] bytes, int from, int end);

  /** Bytes of the picture so far. */
  int size();

  /**
   * Ends the picture, so that the next may begin.
   *
   * @return as the stream of its codec carries it, or null if its end is missing
   */
  byte[] finish();

  /** Whether decoding can start at the picture that {@link #finish} gave last. */
  boolean wasKey();

  static Depacketizer of(String codec, byte[] parameterSets) {
    return switch (codec) {
      case "h264" -> new H264Depacketizer(parameterSets);
      case "vp8" -> new Vp8Depacketizer();
      case "vp9" -> new Vp9Depacketizer();
      case "av1" -> new Av1Depacketizer();
      default -> throw new IllegalArgumentException("codec=" + codec + " is not known over RTP");
    };
  }
}
