package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.NalUnits;

/**
 * Says whether decoding can start at an access unit, where the container does not: MPEG-TS marks
 * key pictures nowhere that encoders agree on. Stateless; any thread.
 */
final class KeyPicture {
  private static final int H264_IDR = 5;
  private static final int H264_SEI = 6;
  private static final int SEI_RECOVERY_POINT = 6;

  /** H.265 table 7-1: BLA, IDR and CRA pictures, with what is reserved for the like. */
  private static final int HEVC_FIRST_IRAP = 16;

  private static final int HEVC_LAST_IRAP = 23;

  private KeyPicture() {}

  static boolean isKey(String codec, byte[] configuration, byte[] data) {
    boolean h264 = codec.equals("h264");
    if (!h264 && !codec.equals("hevc")) {
      return false;
    }
    boolean[] found = new boolean[1];
    NalUnits.forEach(
        data,
        NalUnits.lengthBytes(codec, configuration),
        (offset, length) ->
            found[0] |= h264 ? startsH264(data, offset, length) : startsHevc(data[offset]));
    return found[0];
  }

  private static boolean startsH264(byte[] data, int offset, int length) {
    int type = data[offset] & 0x1f;
    return type == H264_IDR || type == H264_SEI && isRecoveryPoint(data, offset, length);
  }

  /**
   * H.264 D.1.8: a recovery point right here, which encoders with open groups of pictures send in
   * place of IDR pictures. Its count is an Exp-Golomb code, of which 0 is the single bit 1. Only
   * the first message of the SEI is looked at, which is where x264 and broadcast encoders put it.
   */
  private static boolean isRecoveryPoint(byte[] data, int offset, int length) {
    return length > 3 && data[offset + 1] == SEI_RECOVERY_POINT && (data[offset + 3] & 0x80) != 0;
  }

  private static boolean startsHevc(byte header) {
    int type = header >> 1 & 0x3f;
    return type >= HEVC_FIRST_IRAP && type <= HEVC_LAST_IRAP;
  }
}
