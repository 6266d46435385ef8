package dev.flinkvideo.ingest.transport;

import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/**
 * What the container or the first pictures tell of the pictures to come; later ones may differ.
 *
 * @param pixelFormat FFmpeg's AVPixelFormat, negative if not known
 * @param profile as the codec numbers it, negative if not known
 * @param level likewise
 * @param reorderDelay pictures that a decoder receives before it can show the first
 */
public record PictureFormat(
    int widthPx,
    int heightPx,
    int pixelFormat,
    int profile,
    int level,
    Rational sampleAspect,
    int reorderDelay) {

  static PictureFormat of(AVCodecParameters parameters) {
    return new PictureFormat(
        parameters.width(),
        parameters.height(),
        parameters.format(),
        parameters.profile(),
        parameters.level(),
        Rational.of(parameters.sample_aspect_ratio()),
        parameters.video_delay());
  }
}
