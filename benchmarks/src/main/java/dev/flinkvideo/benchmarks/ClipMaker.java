package dev.flinkvideo.benchmarks;

import dev.flinkvideo.operators.decode.Ffmpeg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameFilter;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;

/**
 * Makes the clips that are measured out of the footage: scaled up, with a camera's noise added (a
 * scaled picture alone is smooth, and cheap to decode), encoded as H.264 High with CABAC, a key
 * frame every two seconds unless asked otherwise. Each is made once and kept.
 */
final class ClipMaker {
  static final Size HD = new Size(1280, 720, 4_000_000);
  static final Size FULL_HD = new Size(1920, 1080, 6_000_000);

  private static final String FOOTAGE = "car-detection.mp4";
  private static final int FRAMES_PER_SECOND = 25;
  private static final int KEY_INTERVAL_S = 2;

  /** Temporal noise of up to 4 of 255 levels: what is left of a sensor's after its own filter. */
  private static final String NOISE = "noise=alls=4:allf=t";

  /** Size and bit rate of a clip. */
  record Size(int widthPx, int heightPx, int bitsPerSecond) {
    private String fileName(int frames, int keyIntervalS) {
      return "footage-%dx%d-%dk-%d-key%ds.mp4"
          .formatted(widthPx, heightPx, bitsPerSecond / 1000, frames, keyIntervalS);
    }
  }

  private final Path footage;
  private final Path clips;

  /**
   * @param footage directory of what they are made from
   * @param clips directory that they are kept in
   */
  ClipMaker(Path footage, Path clips) {
    this.footage = footage;
    this.clips = clips;
  }

  /** Of the project in this directory. */
  static ClipMaker of(Path home) {
    return new ClipMaker(home.resolve("jobs/footage"), home.resolve("benchmarks/target/clips"));
  }

  /** The clip with so many frames; made if it is not there. */
  Path clip(Size size, int frames) throws IOException {
    return clip(size, frames, KEY_INTERVAL_S);
  }

  /** The same with another distance of key frames. */
  Path clip(Size size, int frames, int keyIntervalS) throws IOException {
    Ffmpeg.load(); // keeps FFmpeg's log quiet
    Path directory = Files.createDirectories(clips);
    Path clip = directory.resolve(size.fileName(frames, keyIntervalS));
    if (!Files.exists(clip)) {
      Path unfinished = directory.resolve("unfinished-" + ProcessHandle.current().pid() + ".mp4");
      encode(size, frames, keyIntervalS, unfinished);
      Files.move(unfinished, clip, StandardCopyOption.ATOMIC_MOVE);
    }
    return clip;
  }

  private void encode(Size size, int frames, int keyIntervalS, Path to) throws IOException {
    String filter = "scale=%d:%d,%s".formatted(size.widthPx(), size.heightPx(), NOISE);
    try (FFmpegFrameGrabber grabber = footage()) {
      try (FFmpegFrameFilter scaled =
              new FFmpegFrameFilter(filter, grabber.getImageWidth(), grabber.getImageHeight());
          FFmpegFrameRecorder recorder = recorder(size, keyIntervalS, to)) {
        scaled.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
        scaled.start();
        recorder.start();
        for (int i = 0; i < frames; i++) {
          scaled.push(next(grabber), avutil.AV_PIX_FMT_YUV420P);
          recorder.setFrameNumber(i);
          recorder.record(scaled.pullImage(), avutil.AV_PIX_FMT_YUV420P);
        }
      }
    }
  }

  private FFmpegFrameGrabber footage() throws IOException {
    FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(footage.resolve(FOOTAGE).toFile());
    grabber.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
    grabber.start();
    return grabber;
  }

  /** From the start again at the end. */
  private static Frame next(FFmpegFrameGrabber grabber) throws IOException {
    Frame frame = grabber.grabImage();
    if (frame != null) {
      return frame;
    }
    grabber.setTimestamp(0);
    return grabber.grabImage();
  }

  private static FFmpegFrameRecorder recorder(Size size, int keyIntervalS, Path to) {
    FFmpegFrameRecorder recorder =
        new FFmpegFrameRecorder(to.toFile(), size.widthPx(), size.heightPx());
    recorder.setFormat("mp4");
    recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
    recorder.setVideoCodecName("libopenh264");
    recorder.setVideoOption("profile", "high");
    recorder.setVideoOption("coder", "cabac");
    recorder.setVideoOption("allow_skip_frames", "0");
    recorder.setVideoOption("rc_mode", "bitrate");
    recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
    recorder.setFrameRate(FRAMES_PER_SECOND);
    recorder.setVideoBitrate(size.bitsPerSecond());
    recorder.setGopSize(keyIntervalS * FRAMES_PER_SECOND);
    return recorder;
  }
}
