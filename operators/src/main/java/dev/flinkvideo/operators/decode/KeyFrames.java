package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.NalUnits;
import dev.flinkvideo.protocol.StreamFormat;
import java.nio.ByteBuffer;

/**
 * What kind of key frame an access unit is: whether pictures after it may refer to pictures before
 * it, and whether it brings the parameter sets. Stateless.
 */
final class KeyFrames {
  /** NAL unit types of H.264, table 7-1. */
  private static final int H264_IDR = 5;

  private static final int H264_SPS = 7;

  /** NAL unit types of HEVC, table 7-1: BLA_W_LP to IDR_N_LP, whose followers never look back. */
  private static final int HEVC_FIRST_CLOSED = 16;

  private static final int HEVC_LAST_CLOSED = 20;
  private static final int HEVC_SPS = 33;

  /**
   * @param closed no picture after it refers to one before it
   * @param parameterSets it brings what a decoder must know before its first picture
   */
  record Kind(boolean closed, boolean parameterSets) {}

  private KeyFrames() {}

  /** Of an access unit that its source calls a key frame. */
  static Kind kind(StreamFormat format, ByteBuffer unit) {
    return switch (format.codec()) {
      case "h264" -> ofNalUnits(format, unit, /* h264= */ true);
      case "hevc" -> ofNalUnits(format, unit, /* h264= */ false);
      case "vp8", "vp9", "av1" -> new Kind(true, true);
      default -> new Kind(false, true);
    };
  }

  private static Kind ofNalUnits(StreamFormat format, ByteBuffer unit, boolean h264) {
    byte[] data = new byte[unit.remaining()];
    unit.get(unit.position(), data);
    boolean[] found = new boolean[2];
    NalUnits.forEach(
        data,
        NalUnits.lengthBytes(format.codec(), format.configuration()),
        (offset, length) -> {
          int type = h264 ? data[offset] & 0x1f : data[offset] >> 1 & 0x3f;
          found[0] |=
              h264 ? type == H264_IDR : type >= HEVC_FIRST_CLOSED && type <= HEVC_LAST_CLOSED;
          found[1] |= type == (h264 ? H264_SPS : HEVC_SPS);
        });
    return new Kind(found[0], found[1]);
  }
}
