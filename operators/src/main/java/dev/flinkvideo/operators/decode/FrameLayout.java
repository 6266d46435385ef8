package dev.flinkvideo.operators.decode;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_align_dimensions2;
import static org.bytedeco.ffmpeg.global.avutil.av_image_fill_linesizes;
import static org.bytedeco.ffmpeg.global.avutil.av_image_fill_plane_sizes;

import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * Where the planes of one picture lie in a slot. The rules are those of {@code
 * avcodec_default_get_buffer2} (libavcodec/get_buffer.c): sizes aligned as the codec asks, strides
 * aligned for SIMD, some bytes after each plane because decoders read a little over its end.
 *
 * <pre>
 *   slot | plane 0: rows x stride | 16 + 63 | plane 1 ... | 16 + 63 | plane 2 ... |
 * </pre>
 */
final class FrameLayout {
  private static final int MAX_PLANES = 4;

  /** Decoders write up to 16 bytes past a plane and SIMD reads up to 63. */
  private static final int OVERREAD_BYTES = 16 + 63;

  private static final int ALIGNMENT_BYTES = 64;

  final int widthPx;
  final int heightPx;
  final int ffmpegFormat;
  final int planes;
  final int[] strides = new int[MAX_PLANES];
  final long[] offsets = new long[MAX_PLANES];
  final long bytes;

  /**
   * @throws IllegalArgumentException if there is no such picture
   */
  FrameLayout(AVCodecContext context, int widthPx, int heightPx, int ffmpegFormat) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.ffmpegFormat = ffmpegFormat;
    int[] alignedWidth = {widthPx};
    int[] alignedHeight = {heightPx};
    int[] strideAlignment = new int[8]; // AV_NUM_DATA_POINTERS
    avcodec_align_dimensions2(context, alignedWidth, alignedHeight, strideAlignment);
    fillStrides(alignedWidth[0], strideAlignment);

    try (SizeTPointer sizes = new SizeTPointer(MAX_PLANES);
        SizeTPointer lineSizes = new SizeTPointer(MAX_PLANES)) {
      for (int i = 0; i < MAX_PLANES; i++) {
        lineSizes.put(i, strides[i]);
      }
      check(av_image_fill_plane_sizes(sizes, ffmpegFormat, alignedHeight[0], lineSizes));
      int count = 0;
      long end = 0;
      for (; count < MAX_PLANES && sizes.get(count) > 0; count++) {
        offsets[count] = end;
        end = align(end + sizes.get(count) + OVERREAD_BYTES);
      }
      this.planes = count;
      this.bytes = end;
    }
  }

  boolean fits(int width, int height, int format) {
    return widthPx == width && heightPx == height && ffmpegFormat == format;
  }

  /** Widens the picture until every stride is a multiple of what the codec asks. */
  private void fillStrides(int alignedWidth, int[] strideAlignment) {
    int width = alignedWidth;
    while (true) {
      check(av_image_fill_linesizes(strides, ffmpegFormat, width));
      boolean aligned = true;
      for (int i = 0; i < MAX_PLANES; i++) {
        aligned &= strideAlignment[i] == 0 || strides[i] % strideAlignment[i] == 0;
      }
      if (aligned) {
        return;
      }
      width += width & -width;
    }
  }

  private void check(int result) {
    if (result < 0) {
      throw new IllegalArgumentException(
          "no layout for %dx%d pixelFormat=%d".formatted(widthPx, heightPx, ffmpegFormat));
    }
  }

  private static long align(long bytes) {
    return (bytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }
}
