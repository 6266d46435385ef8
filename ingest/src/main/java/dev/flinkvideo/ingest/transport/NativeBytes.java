package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.javacpp.BytePointer;

/** Copies our records into FFmpeg's structures, which own the copy. Stateless; any thread. */
final class NativeBytes {
  private NativeBytes() {}

  /** Sets codec and configuration; sizes and the like are the caller's. */
  static void describe(AVCodecParameters parameters, int codecId, StreamFormat format) {
    parameters.codec_type(AVMEDIA_TYPE_VIDEO).codec_id(codecId);
    setConfiguration(parameters, format.configuration());
  }

  /** Sets extradata where there was none. */
  static void setConfiguration(AVCodecParameters parameters, byte[] configuration) {
    if (configuration.length == 0) {
      return;
    }
    BytePointer copy =
        new BytePointer(av_mallocz((long) configuration.length + AV_INPUT_BUFFER_PADDING_SIZE));
    copy.put(configuration);
    parameters.extradata(copy).extradata_size(configuration.length);
  }

  /** Makes an empty packet carry one unit. */
  static void fill(AVPacket packet, EncodedUnit unit, long durationTicks) {
    int error = av_new_packet(packet, unit.data().length);
    if (error < 0) {
      throw new IllegalStateException(
          "packet of %d bytes: %s".formatted(unit.data().length, Natives.describe(error)));
    }
    packet.data().put(unit.data());
    packet
        .pts(unit.pts())
        .dts(unit.dts())
        .duration(durationTicks)
        .flags(unit.key() ? AV_PKT_FLAG_KEY : 0);
  }
}
