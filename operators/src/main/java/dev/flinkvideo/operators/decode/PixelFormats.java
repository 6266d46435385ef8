package dev.flinkvideo.operators.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_BAYER;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_BE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_BITSTREAM;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_FLOAT;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_HWACCEL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_PAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_PLANAR;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_RGB;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_count_planes;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;

import dev.flinkvideo.operators.frame.PixelFormat;
import dev.flinkvideo.operators.frame.PixelFormat.Chroma;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.ffmpeg.avutil.AVComponentDescriptor;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;

/**
 * Describes FFmpeg's pixel formats in our own terms: planar YUV and grey with 8 to 16 bits, planar
 * RGB (its green plane stands for luma). Others cannot be judged and are not decoded. Any thread.
 */
final class PixelFormats {
  private static final long NOT_PLAIN_SAMPLES =
      AV_PIX_FMT_FLAG_PAL
          | AV_PIX_FMT_FLAG_BITSTREAM
          | AV_PIX_FMT_FLAG_HWACCEL
          | AV_PIX_FMT_FLAG_BAYER
          | AV_PIX_FMT_FLAG_FLOAT
          | AV_PIX_FMT_FLAG_BE;

  private static final Map<Integer, Optional<PixelFormat>> KNOWN = new ConcurrentHashMap<>();

  private PixelFormats() {}

  static Optional<PixelFormat> of(int ffmpegFormat) {
    return KNOWN.computeIfAbsent(ffmpegFormat, PixelFormats::describe);
  }

  private static Optional<PixelFormat> describe(int ffmpegFormat) {
    AVPixFmtDescriptor descriptor = av_pix_fmt_desc_get(ffmpegFormat);
    if (descriptor == null || (descriptor.flags() & NOT_PLAIN_SAMPLES) != 0) {
      return Optional.empty();
    }
    boolean rgb = (descriptor.flags() & AV_PIX_FMT_FLAG_RGB) != 0;
    if (rgb && (descriptor.flags() & AV_PIX_FMT_FLAG_PLANAR) == 0) {
      return Optional.empty();
    }
    AVComponentDescriptor luma = descriptor.comp(rgb ? 1 : 0);
    int bytes = luma.depth() > 8 ? 2 : 1;
    if (luma.step() != bytes || luma.shift() != 0) {
      return Optional.empty();
    }
    return Optional.of(planes(descriptor, ffmpegFormat, rgb));
  }

  private static PixelFormat planes(AVPixFmtDescriptor descriptor, int ffmpegFormat, boolean rgb) {
    int planes = av_pix_fmt_count_planes(ffmpegFormat);
    int[] sampleBytes = new int[planes];
    boolean[] chromaPlane = new boolean[planes];
    for (int i = 0; i < descriptor.nb_components(); i++) {
      AVComponentDescriptor component = descriptor.comp(i);
      sampleBytes[component.plane()] = component.step();
      chromaPlane[component.plane()] |=
          !rgb && (i == 1 || i == 2) && descriptor.nb_components() >= 3;
    }
    boolean colour = !rgb && descriptor.nb_components() >= 3;
    Chroma[] chroma = new Chroma[colour ? 2 : 0];
    for (int i = 0; i < chroma.length; i++) {
      chroma[i] = new Chroma(descriptor.comp(i + 1).plane(), descriptor.comp(i + 1).offset());
    }
    return new PixelFormat(
        descriptor.name().getString(),
        descriptor.comp(0).depth(),
        planes,
        descriptor.log2_chroma_w(),
        descriptor.log2_chroma_h(),
        sampleBytes,
        chromaPlane,
        descriptor.comp(rgb ? 1 : 0).plane(),
        chroma);
  }
}
