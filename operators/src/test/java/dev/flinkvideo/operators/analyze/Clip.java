package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.decode.ContainerDemuxer;
import dev.flinkvideo.operators.decode.DecodedFrame;
import dev.flinkvideo.operators.decode.VideoDecoder;
import dev.flinkvideo.operators.frame.Frame;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.MallocFrameMemory;
import dev.flinkvideo.protocol.EncodedUnit;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameFilter;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FFmpegFrameRecorder;

/** An MP4 file, played through our own decoder; and the making of one with a known fault. */
record Clip(Path file) {
  private static final Path FOOTAGE =
      Path.of(System.getProperty("project.root"), "jobs", "footage");

  static {
    avutil.av_log_set_level(avutil.AV_LOG_ERROR);
  }

  /** Sees every picture of a clip, in order, and keeps none. */
  interface Viewer {
    void see(Frame frame, long timeNs) throws Exception;
  }

  static Clip footage(String name) {
    return new Clip(FOOTAGE.resolve(name));
  }

  /** Plays it from start to end; the pool is closed at the end, so a frame kept fails. */
  void play(Viewer viewer) throws Exception {
    ContainerDemuxer.Demuxed clip = ContainerDemuxer.demux(Files.readAllBytes(file), "video/mp4");
    double tickNs = 1e9 * clip.format().timeBaseNumerator() / clip.format().timeBaseDenominator();
    try (FramePool pool = new FramePool(new MallocFrameMemory(64 << 20));
        VideoDecoder decoder = new VideoDecoder(clip.format(), pool, file.toString())) {
      long tag = 1;
      for (EncodedUnit unit : clip.units()) {
        decoder.send(ByteBuffer.wrap(unit.data()), unit.pts(), unit.dts(), unit.key(), tag++);
        receive(decoder, viewer, tickNs);
      }
      decoder.drain();
      receive(decoder, viewer, tickNs);
    }
  }

  double framesPerSecond() throws Exception {
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile())) {
      grabber.start();
      return grabber.getFrameRate();
    }
  }

  private static void receive(VideoDecoder decoder, Viewer viewer, double tickNs) throws Exception {
    for (DecodedFrame next; (next = decoder.receive()) != null; ) {
      try (DecodedFrame decoded = next) {
        viewer.see(decoded.frame(), Math.round(decoded.pts() * tickNs));
      }
    }
  }

  /** H.264 of good quality, the first seconds of this clip with a fault. */
  Clip withFault(String filter, double durationS, Path into) throws Exception {
    return encode(
        filter, durationS, avcodec.AV_CODEC_ID_H264, 2_000_000, /* quantiser= */ -1, into);
  }

  /** MPEG-4 of the coarsest quantiser there is. */
  Clip coarselyQuantised(double durationS, Path into) throws Exception {
    return encode("null", durationS, avcodec.AV_CODEC_ID_MPEG4, 0, /* quantiser= */ 31, into);
  }

  private Clip encode(
      String filter, double durationS, int codec, int bitrate, int quantiser, Path into)
      throws Exception {
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile())) {
      grabber.start();
      int width = grabber.getImageWidth();
      int height = grabber.getImageHeight();
      try (FFmpegFrameFilter faults =
              new FFmpegFrameFilter(filter + ",format=bgr24", width, height);
          FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(into.toFile(), width, height)) {
        faults.setFrameRate(grabber.getFrameRate());
        faults.setPixelFormat(avutil.AV_PIX_FMT_BGR24);
        recorder.setFormat("mp4");
        recorder.setVideoCodec(codec);
        recorder.setFrameRate(grabber.getFrameRate());
        recorder.setGopSize(25);
        recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
        recorder.setVideoBitrate(bitrate);
        if (quantiser >= 0) {
          recorder.setVideoQuality(quantiser);
        }
        faults.start();
        recorder.start();
        record(grabber, faults, recorder, (int) Math.round(durationS * grabber.getFrameRate()));
      }
    }
    return new Clip(into);
  }

  private static void record(
      FFmpegFrameGrabber grabber,
      FFmpegFrameFilter faults,
      FFmpegFrameRecorder recorder,
      int pictures)
      throws Exception {
    int recorded = 0;
    while (recorded < pictures) {
      faults.push(grabber.grabImage());
      for (org.bytedeco.javacv.Frame picture;
          recorded < pictures && (picture = faults.pullImage()) != null;
          recorded++) {
        recorder.record(picture, avutil.AV_PIX_FMT_BGR24);
      }
    }
  }
}
