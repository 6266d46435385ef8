package dev.flinkvideo.protocol;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * XXH3-64 over what a picture is made of and nothing of what it travelled in: the VCL NAL units of
 * H.264 and HEVC without start codes, length prefixes, parameter sets, SEI and delimiters; the
 * whole frame for VP8 and VP9; the temporal unit without its delimiter, which MP4 and Matroska
 * leave out, for AV1; all bytes where damage hides every VCL NAL unit. Two connections that carry
 * one encode give equal hashes picture by picture. Stateless; any thread.
 */
public final class ContentHash {
  private ContentHash() {}

  /**
   * Hash of one access unit; {@code configuration} tells length-prefixed (avcC, hvcC) from Annex B.
   */
  public static long of(String codec, byte[] configuration, byte[] data) {
    boolean h264 = codec.equals("h264");
    if (!h264 && !codec.equals("hevc")) {
      int delimiter = codec.equals("av1") && beginsWithTemporalDelimiter(data) ? 2 : 0;
      return Hashing.xxh3_64().hashBytesToLong(data, delimiter, data.length - delimiter);
    }
    VclHash hash = new VclHash(h264, data);
    NalUnits.forEach(data, NalUnits.lengthBytes(codec, configuration), hash);
    // Without one VCL NAL unit all hashes would be that of nothing, and unlike pictures equal.
    return hash.found ? hash.stream.getAsLong() : Hashing.xxh3_64().hashBytesToLong(data);
  }

  private static final class VclHash implements NalUnits.Visitor {
    private final boolean h264;
    private final byte[] data;
    private final HashStream64 stream = Hashing.xxh3_64().hashStream();
    private boolean found;

    VclHash(boolean h264, byte[] data) {
      this.h264 = h264;
      this.data = data;
    }

    @Override
    public void nalUnit(int offset, int length) {
      if (isVcl(h264, data[offset])) {
        stream.putBytes(data, offset, length);
        found = true;
      }
    }
  }

  /** AV1 5.3.2: OBU_TEMPORAL_DELIMITER with a size field, which says 0. */
  private static boolean beginsWithTemporalDelimiter(byte[] data) {
    return data.length > 2 && data[0] == 0x12 && data[1] == 0;
  }

  /** H.264 (ITU-T H.264 table 7-1): types 1 to 5. HEVC (H.265 table 7-1): types 0 to 31. */
  private static boolean isVcl(boolean h264, byte header) {
    if (h264) {
      int type = header & 0x1f;
      return type >= 1 && type <= 5;
    }
    return (header >> 1 & 0x3f) < 32;
  }
}
