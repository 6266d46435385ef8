package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.avformat.AVFormatContext.AVFMT_AVOID_NEG_TS_MAKE_NON_NEGATIVE;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;

/** Puts one stream of a clip into another container, untouched, as {@code ffmpeg -c copy} does. */
final class Remux {
  private Remux() {}

  /** The container is told by the extension of {@code to}. */
  static Path video(Path from, Path to) throws IOException {
    boolean avi = to.toString().endsWith(".avi"); // takes H.264 with start codes only
    Path source = avi ? video(from, to.resolveSibling("with-start-codes.ts")) : from;
    return copy(source, to, AVMEDIA_TYPE_VIDEO);
  }

  static Path sound(Path from, Path to) throws IOException {
    return copy(from, to, AVMEDIA_TYPE_AUDIO);
  }

  private static Path copy(Path from, Path to, int mediaType) throws IOException {
    try (OpenFile in = new OpenFile(from)) {
      AVStream source = stream(in.context(), mediaType);
      AVFormatContext out = new AVFormatContext(null);
      check(avformat_alloc_output_context2(out, null, null, to.toString()));
      AVStream target = avformat_new_stream(out, null);
      check(avcodec_parameters_copy(target.codecpar(), source.codecpar()));
      target.codecpar().codec_tag(0);
      // AVI counts pictures and refuses to count the gaps of a finer time base.
      target.time_base().num(source.avg_frame_rate().den()).den(source.avg_frame_rate().num());
      AVIOContext file = new AVIOContext(null);
      check(avio_open(file, to.toString(), AVIO_FLAG_WRITE));
      out.pb(file);
      out.avoid_negative_ts(AVFMT_AVOID_NEG_TS_MAKE_NON_NEGATIVE); // AVI and FLV need it
      check(avformat_write_header(out, (AVDictionary) null));
      copyPackets(in.context(), source, out, target);
      check(av_write_trailer(out));
      avio_closep(file);
      avformat_free_context(out);
    }
    return to;
  }

  private static void copyPackets(
      AVFormatContext in, AVStream source, AVFormatContext out, AVStream target) {
    AVPacket packet = av_packet_alloc();
    while (av_read_frame(in, packet) >= 0) {
      if (packet.stream_index() == source.index()) {
        av_packet_rescale_ts(packet, source.time_base(), target.time_base());
        packet.stream_index(0);
        check(av_write_frame(out, packet));
      }
      av_packet_unref(packet);
    }
    av_packet_free(packet);
  }

  private static AVStream stream(AVFormatContext context, int mediaType) {
    for (int i = 0; i < context.nb_streams(); i++) {
      if (context.streams(i).codecpar().codec_type() == mediaType) {
        return context.streams(i);
      }
    }
    throw new AssertionError("no such stream");
  }

  private static void check(int error) {
    assertThat(error).as(() -> Natives.describe(error)).isGreaterThanOrEqualTo(0);
  }
}
