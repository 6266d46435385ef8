package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import dev.flinkvideo.ingest.transport.UnreadableMediaException.Reason;
import dev.flinkvideo.protocol.EncodedUnit;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** The decoded pictures of a clip, over and over. One thread, its owner's. */
final class ClipPictures implements AutoCloseable {
  private static final Rational FALLBACK_RATE = new Rational(25, 1);

  private final Path path;
  private final AVCodecContext decoder;
  private final AVPacket packet = av_packet_alloc();
  private final AVFrame frame = av_frame_alloc();

  private FileSource file;
  private boolean pictureSinceStart;

  ClipPictures(Path path) throws IOException {
    this.path = path;
    file = new FileSource(path);
    decoder = avcodec_alloc_context3(avcodec_find_decoder(file.codecId()));
    int pixelFormat = picture().pixelFormat();
    boolean eightBit420 = pixelFormat == AV_PIX_FMT_YUV420P || pixelFormat == AV_PIX_FMT_YUVJ420P;
    int error = eightBit420 ? open() : 0;
    if (!eightBit420 || error < 0) {
      close();
      throw new UnreadableMediaException(
          Reason.UNSUITABLE,
          eightBit420
              ? "%s cannot be decoded: %s".formatted(path.getFileName(), Natives.describe(error))
              : "%s is not 8 bit 4:2:0, take another clip".formatted(path.getFileName()));
    }
  }

  PictureFormat picture() {
    return file.picture();
  }

  /** Pictures per second. */
  Rational rate() {
    return file.frameRate().isKnown() ? file.frameRate() : FALLBACK_RATE;
  }

  /** The next picture; valid until the next call. */
  AVFrame next() throws IOException {
    int error = avcodec_receive_frame(decoder, frame);
    while (error < 0) {
      if (error == AVERROR_EOF) {
        startAgain();
      }
      send(file.next());
      error = avcodec_receive_frame(decoder, frame);
    }
    pictureSinceStart = true;
    return frame;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    av_packet_free(packet);
    avcodec_free_context(decoder);
    file.close();
  }

  private int open() {
    AVCodecParameters parameters = avcodec_parameters_alloc();
    NativeBytes.describe(parameters, file.codecId(), file.format());
    parameters.width(picture().widthPx()).height(picture().heightPx());
    int error = avcodec_parameters_to_context(decoder, parameters);
    avcodec_parameters_free(parameters);
    decoder.thread_count(1); // its pictures are wanted in real time, not faster
    return error < 0 ? error : avcodec_open2(decoder, decoder.codec(), (AVDictionary) null);
  }

  private void startAgain() throws IOException {
    if (!pictureSinceStart) {
      throw new UnreadableMediaException(
          Reason.DAMAGED, path.getFileName() + " holds no picture that can be decoded");
    }
    pictureSinceStart = false;
    avcodec_flush_buffers(decoder);
    file.close();
    file = new FileSource(path);
  }

  /** Damage is the decoder's business: it shows what it can. */
  private void send(EncodedUnit unit) {
    if (unit == null) {
      avcodec_send_packet(decoder, null);
      return;
    }
    NativeBytes.fill(packet, unit, file.durationTicks());
    avcodec_send_packet(decoder, packet);
    av_packet_unref(packet);
  }
}
