package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.NalUnits;
import dev.flinkvideo.protocol.StreamFormat;
import java.nio.ByteBuffer;

/**
 * What H.264 and HEVC say on the outside of an access unit, before its first slice; all slices of a
 * picture say the same (H.264 7.4.1.2.4, H.265 7.4.2.2).
 *
 * @param closed it is a key frame, and no picture after it refers to one before it
 * @param parameterSets it brings what a decoder must know before its first picture
 * @param reference others may refer to it
 */
record PictureHeader(boolean closed, boolean parameterSets, boolean reference) {
  /** NAL unit types of H.264, table 7-1. */
  private static final int H264_FIRST_SLICE = 1;

  private static final int H264_IDR = 5;
  private static final int H264_SPS = 7;

  /** NAL unit types of HEVC, table 7-1: BLA_W_LP to IDR_N_LP, whose followers never look back. */
  private static final int HEVC_FIRST_CLOSED = 16;

  private static final int HEVC_LAST_CLOSED = 20;

  /** Even types below this are pictures of the highest sub-layer that no other refers to. */
  private static final int HEVC_FIRST_REFERENCE_ONLY = 16;

  private static final int HEVC_FIRST_NO_SLICE = 32;
  private static final int HEVC_SPS = 33;

  /** Nothing can be told from outside: each may be referred to, and key frames say all. */
  private static final PictureHeader FRAME = new PictureHeader(true, true, true);

  private static final PictureHeader UNKNOWN = new PictureHeader(false, true, true);

  static PictureHeader of(StreamFormat format, ByteBuffer unit) {
    return switch (format.codec()) {
      case "h264", "hevc" -> new Search(format, unit).header();
      case "vp8", "vp9", "av1" -> FRAME;
      default -> UNKNOWN;
    };
  }

  /** Looks at NAL units up to the first slice. */
  private static final class Search implements NalUnits.Search {
    private final ByteBuffer unit;
    private final boolean h264;
    private boolean parameterSets;
    private boolean found;
    private boolean closed;
    private boolean reference;

    private Search(StreamFormat format, ByteBuffer unit) {
      this.unit = unit;
      this.h264 = format.codec().equals("h264");
      NalUnits.search(unit, NalUnits.lengthBytes(format.codec(), format.configuration()), this);
    }

    @Override
    public boolean goOnAfter(int offset, int length) {
      int header = unit.get(offset);
      return h264 ? h264(header & 0x1f, header & 0x60) : hevc(header >> 1 & 0x3f);
    }

    private boolean h264(int type, int referenceIdc) {
      parameterSets |= type == H264_SPS;
      found = type >= H264_FIRST_SLICE && type <= H264_IDR;
      closed = type == H264_IDR;
      reference = referenceIdc != 0;
      return !found;
    }

    private boolean hevc(int type) {
      parameterSets |= type == HEVC_SPS;
      found = type < HEVC_FIRST_NO_SLICE;
      closed = type >= HEVC_FIRST_CLOSED && type <= HEVC_LAST_CLOSED;
      reference = type >= HEVC_FIRST_REFERENCE_ONLY || (type & 1) == 1;
      return !found;
    }

    private PictureHeader header() {
      return new PictureHeader(found && closed, parameterSets, !found || reference);
    }
  }
}
