package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.NalUnits;
import dev.flinkvideo.protocol.StreamFormat;
import java.nio.ByteBuffer;

/**
 * Tells access units that no other refers to, which can be left out without harm to the rest. Only
 * H.264 and HEVC say so on the outside. Stateless.
 */
final class ReferencePictures {
  /** HEVC table 7-1: even types below 16 are sub-layer non-reference pictures. */
  private static final int HEVC_FIRST_REFERENCE_ONLY = 16;

  private ReferencePictures() {}

  /** Whether others may refer to it; true where nothing is known. */
  static boolean mayBeReferredTo(StreamFormat format, ByteBuffer unit) {
    boolean h264 = format.codec().equals("h264");
    if (!h264 && !format.codec().equals("hevc")) {
      return true;
    }
    byte[] data = new byte[unit.remaining()];
    unit.get(unit.position(), data);
    boolean[] found = new boolean[2];
    NalUnits.forEach(
        data,
        NalUnits.lengthBytes(format.codec(), format.configuration()),
        (offset, length) -> {
          boolean picture = h264 ? isH264Picture(data[offset]) : isHevcPicture(data[offset]);
          found[0] |= picture;
          found[1] |=
              picture && (h264 ? isH264Reference(data[offset]) : isHevcReference(data[offset]));
        });
    return !found[0] || found[1];
  }

  private static boolean isH264Picture(byte header) {
    int type = header & 0x1f;
    return type >= 1 && type <= 5;
  }

  /** nal_ref_idc. */
  private static boolean isH264Reference(byte header) {
    return (header & 0x60) != 0;
  }

  private static boolean isHevcPicture(byte header) {
    return (header >> 1 & 0x3f) < 32;
  }

  private static boolean isHevcReference(byte header) {
    int type = header >> 1 & 0x3f;
    return type >= HEVC_FIRST_REFERENCE_ONLY || (type & 1) == 1;
  }
}
