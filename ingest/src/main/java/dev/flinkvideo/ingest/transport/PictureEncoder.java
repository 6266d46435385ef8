package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_parse_string;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Encodes pictures as H.264 constrained baseline with OpenH264, one unit for one picture without
 * delay; key frames where the picture asks for one. One thread, its owner's.
 */
final class PictureEncoder implements AutoCloseable {
  private static final String ENCODER = "libopenh264";

  /** No frame is left out to keep a bit rate: each picture must give a unit. */
  private static final String OPTIONS = "profile=constrained_baseline:allow_skip_frames=0";

  private static final int CONSTRAINED_BASELINE = 578;
  private static final double BITS_PER_PIXEL = 0.12;

  /** Longer than anybody plays: key frames come when they are asked for. */
  private static final int NO_KEY_FRAMES_OF_ITS_OWN = 1_000_000;

  private final AVCodecContext encoder;
  private final AVPacket packet = av_packet_alloc();

  record Encoded(byte[] data, boolean key) {}

  PictureEncoder(int widthPx, int heightPx, int pixelFormat, Rational rate) {
    AVCodec codec = avcodec_find_encoder_by_name(ENCODER);
    encoder = avcodec_alloc_context3(codec);
    encoder.width(widthPx).height(heightPx).pix_fmt(pixelFormat);
    encoder.time_base().num(rate.denominator()).den(rate.numerator());
    encoder.framerate().num(rate.numerator()).den(rate.denominator());
    double picturesPerSecond = (double) rate.numerator() / rate.denominator();
    encoder.bit_rate((long) (BITS_PER_PIXEL * widthPx * heightPx * picturesPerSecond));
    encoder.gop_size(NO_KEY_FRAMES_OF_ITS_OWN).thread_count(1);
    AVDictionary options = new AVDictionary(null);
    av_dict_parse_string(options, OPTIONS, "=", ":", 0);
    int error = avcodec_open2(encoder, codec, options);
    av_dict_free(options);
    if (error < 0) {
      close();
      throw new IllegalStateException(ENCODER + ": " + Natives.describe(error));
    }
  }

  String codec() {
    return "h264";
  }

  int profile() {
    return CONSTRAINED_BASELINE;
  }

  Encoded encode(AVFrame frame) {
    int error = avcodec_send_frame(encoder, frame);
    if (error >= 0) {
      error = avcodec_receive_packet(encoder, packet);
    }
    if (error < 0) {
      throw new IllegalStateException(ENCODER + ": " + Natives.describe(error));
    }
    byte[] data = new byte[packet.size()];
    packet.data().get(data);
    boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    av_packet_unref(packet);
    return new Encoded(data, key);
  }

  @Override
  public void close() {
    av_packet_free(packet);
    avcodec_free_context(encoder);
  }
}
