package dev.flinkvideo.operators.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;

import org.bytedeco.ffmpeg.avcodec.AVCodecContext;

/**
 * How many pictures a decoder holds at most, and how much it allocates elsewhere. One more than the
 * worst seen over 60 seeds of packet loss and corruption (docs/memory.md); a decoder that needs
 * more after all takes a further slot from the pool while there is one.
 */
final class CodecNeeds {
  /** The one frame that the analyzers look at. */
  private static final int HELD_FRAMES = 1;

  private CodecNeeds() {}

  /** Slots for one decoder with one thread; called when the first picture's size is known. */
  static int slots(AVCodecContext context, int widthPx, int heightPx) {
    return HELD_FRAMES
        + switch (context.codec_id()) {
          case AV_CODEC_ID_H264 -> context.refs() + context.has_b_frames() + 3;
          case AV_CODEC_ID_HEVC -> hevcDpb(context.level(), (long) widthPx * heightPx) + 3;
          case AV_CODEC_ID_VP8 -> 5;
          case AV_CODEC_ID_VP9 -> 11; // 8 references, the current one, the shown one, one more
          case AV_CODEC_ID_AV1 -> 2; // libaom decodes into frames of its own and copies
          default -> 6;
        };
  }

  /** What the decoder allocates outside the pool, from RSS over 8 sessions. */
  static long outsideBytes(AVCodecContext context, int widthPx, int heightPx) {
    double bytesPerPixel =
        switch (context.codec_id()) {
          case AV_CODEC_ID_H264 -> 4.2;
          case AV_CODEC_ID_HEVC -> 6.2;
          case AV_CODEC_ID_VP8 -> 0.3;
          case AV_CODEC_ID_VP9 -> 1.0;
          case AV_CODEC_ID_AV1 -> 51.0;
          default -> 6.2;
        };
    return (long) (bytesPerPixel * widthPx * heightPx);
  }

  /** MaxDpbSize of H.265 (A.4.2) from general_level_idc; 16 where the level is not known. */
  private static int hevcDpb(int levelIdc, long pictureSamples) {
    long maxLumaSamples =
        switch (levelIdc) {
          case 30 -> 36_864;
          case 60 -> 122_880;
          case 63 -> 245_760;
          case 90 -> 552_960;
          case 93 -> 983_040;
          case 120, 123 -> 2_228_224;
          case 150, 153, 156 -> 8_912_896;
          case 180, 183, 186 -> 35_651_584;
          default -> Long.MAX_VALUE;
        };
    if (pictureSamples <= maxLumaSamples / 4) {
      return 16;
    }
    if (pictureSamples <= maxLumaSamples / 2) {
      return 12;
    }
    return pictureSamples <= maxLumaSamples / 4 * 3 ? 8 : 6;
  }
}
