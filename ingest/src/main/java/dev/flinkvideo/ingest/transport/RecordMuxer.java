package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_NONE;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_descriptor_get_by_name;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_format;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_query_codec;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_close_dyn_buf;
import static org.bytedeco.ffmpeg.global.avformat.avio_open_dyn_buf;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_parse_string;
import static org.bytedeco.ffmpeg.global.avutil.av_free;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.List;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecDescriptor;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Writes access units into one container file in memory, with a muxer of its own for each. Holds
 * nothing native between two calls. One thread.
 */
final class RecordMuxer {
  static {
    Natives.load();
  }

  /** What MPEG-TS has stream types for; anything else FFmpeg hides in private data. */
  private static final Set<String> MPEG_TS_CODECS =
      Set.of("h264", "hevc", "vvc", "mpeg1video", "mpeg2video", "mpeg4");

  private final StreamFormat format;
  private final PictureFormat picture;
  private final Container container;
  private final int codecId;
  private final ParameterSets parameterSets;

  /** Added to all times, because a container that cannot say negative ones must start later. */
  private long shift = EncodedUnit.NO_TIME;

  /** A unit with how long it is shown, in units of the stream's time base. */
  record Timed(EncodedUnit unit, long durationTicks) {}

  RecordMuxer(StreamFormat format, PictureFormat picture, Container container) {
    this.format = format;
    this.picture = picture;
    this.container = container;
    AVCodecDescriptor descriptor = avcodec_descriptor_get_by_name(format.codec());
    codecId = descriptor == null ? AV_CODEC_ID_NONE : descriptor.id();
    if (!canCarry()) {
      throw new PackagingException(
          PackagingException.Reason.CODEC,
          "codec=%s container=%s: %s cannot carry %s, publish it --as segments"
              .formatted(format.codec(), container.muxer(), container, format.codec()));
    }
    parameterSets = new ParameterSets(codecId, format);
  }

  private boolean canCarry() {
    if (container == Container.MPEG_TS) {
      return MPEG_TS_CODECS.contains(format.codec());
    }
    return avformat_query_codec(av_guess_format(container.muxer(), null, null), codecId, 0) == 1;
  }

  byte[] mux(List<Timed> units) {
    AVFormatContext context = new AVFormatContext(null);
    check(avformat_alloc_output_context2(context, null, container.muxer(), null));
    AVIOContext memory = new AVIOContext(null);
    byte[] record;
    try {
      check(avio_open_dyn_buf(memory));
      context.pb(memory).avoid_negative_ts(AVFormatContext.AVFMT_AVOID_NEG_TS_DISABLED);
      AVStream stream = describe(context);
      writeHeader(context);
      write(context, stream, units);
      check(av_write_trailer(context));
    } finally {
      record = memory.isNull() ? new byte[0] : take(memory);
      avformat_free_context(context);
    }
    return record;
  }

  private static byte[] take(AVIOContext memory) {
    BytePointer written = new BytePointer((Pointer) null);
    byte[] record = new byte[avio_close_dyn_buf(memory, written)];
    written.get(record);
    av_free(written);
    return record;
  }

  private AVStream describe(AVFormatContext context) {
    AVStream stream = avformat_new_stream(context, null);
    AVCodecParameters parameters = stream.codecpar();
    NativeBytes.describe(parameters, codecId, format);
    parameters
        .width(picture.widthPx())
        .height(picture.heightPx())
        .format(picture.pixelFormat())
        .profile(picture.profile())
        .level(picture.level())
        .video_delay(picture.reorderDelay());
    stream.time_base().num(format.timeBaseNumerator()).den(format.timeBaseDenominator());
    return stream;
  }

  private void writeHeader(AVFormatContext context) {
    AVDictionary options = new AVDictionary(null);
    av_dict_parse_string(options, container.muxerOptions(), "=", ":", 0);
    int error = avformat_write_header(context, options);
    av_dict_free(options);
    check(error);
  }

  private void write(AVFormatContext context, AVStream stream, List<Timed> units) {
    if (shift == EncodedUnit.NO_TIME) {
      shift = Math.max(0, -units.get(0).unit.dts());
    }
    boolean continues = !units.get(0).unit.key();
    AVPacket packet = av_packet_alloc();
    try (AVRational timeBase = new AVRational()) {
      timeBase.num(format.timeBaseNumerator()).den(format.timeBaseDenominator());
      long lastDts = Long.MIN_VALUE;
      for (Timed timed : units) {
        EncodedUnit unit = continues ? parameterSets.before(timed.unit) : timed.unit;
        continues = false;
        NativeBytes.fill(packet, shifted(unit), timed.durationTicks);
        av_packet_rescale_ts(packet, timeBase, stream.time_base());
        straighten(packet, lastDts);
        lastDts = packet.dts();
        int error = av_write_frame(context, packet);
        av_packet_unref(packet);
        check(error);
      }
    } finally {
      av_packet_free(packet);
    }
  }

  private EncodedUnit shifted(EncodedUnit unit) {
    long pts = unit.pts() == EncodedUnit.NO_TIME ? unit.dts() : unit.pts();
    return new EncodedUnit(
        unit.data(), pts + shift, unit.dts() + shift, unit.key(), unit.contentHash());
  }

  /** Muxers refuse decoding times that stand still and pictures shown before they are decoded. */
  private static void straighten(AVPacket packet, long lastDts) {
    if (packet.dts() <= lastDts) {
      packet.dts(lastDts + 1);
    }
    if (packet.pts() < packet.dts()) {
      packet.pts(packet.dts());
    }
  }

  private void check(int error) {
    if (error < 0) {
      throw new PackagingException(
          PackagingException.Reason.REFUSED,
          "codec=%s container=%s: %s, publish it --as segments"
              .formatted(format.codec(), container.muxer(), Natives.describe(error)));
    }
  }
}
