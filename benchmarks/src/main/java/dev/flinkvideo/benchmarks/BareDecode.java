package dev.flinkvideo.benchmarks;

import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import dev.flinkvideo.operators.decode.Ffmpeg;
import dev.flinkvideo.protocol.EncodedUnit;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/**
 * libavcodec and nothing else: one thread, its own buffers, packets that lie ready in native memory
 * and are not even copied, pictures dropped at once. What everything is held against.
 */
final class BareDecode implements Variant {
  private final String name;
  private final AVCodecContext context;
  private final List<AVPacket> packets = new ArrayList<>();
  private final AVFrame picture = av_frame_alloc();

  BareDecode(String name, EncodedClip clip) {
    this.name = name;
    Ffmpeg.load();
    AVCodec codec = avcodec_find_decoder(clip.codecId());
    context = avcodec_alloc_context3(codec);
    context.thread_count(1);
    context.pkt_timebase().num(clip.format().timeBaseNumerator());
    context.pkt_timebase().den(clip.format().timeBaseDenominator());
    setConfiguration(clip.format().configuration());
    int error = avcodec_open2(context, codec, (AVDictionary) null);
    if (error < 0) {
      throw new IllegalStateException("no decoder for " + clip.describe());
    }
    clip.units().forEach(unit -> packets.add(packet(unit)));
  }

  private void setConfiguration(byte[] configuration) {
    BytePointer copy =
        new BytePointer(av_mallocz((long) configuration.length + AV_INPUT_BUFFER_PADDING_SIZE));
    copy.put(configuration);
    context.extradata(copy).extradata_size(configuration.length); // freed with the context
  }

  private static AVPacket packet(EncodedUnit unit) {
    AVPacket packet = av_packet_alloc();
    if (av_new_packet(packet, unit.data().length) < 0) {
      throw new OutOfMemoryError("no memory for the clip");
    }
    packet.data().put(unit.data());
    return packet.pts(unit.pts()).dts(unit.dts()).flags(unit.key() ? AV_PKT_FLAG_KEY : 0);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int decode(int from, int to) {
    int pictures = 0;
    for (int i = from; i < to; i++) {
      avcodec_send_packet(context, packets.get(i));
      pictures += receive();
    }
    return pictures;
  }

  @Override
  public int drain() {
    avcodec_send_packet(context, null);
    return receive();
  }

  @Override
  public void rewind() {
    avcodec_flush_buffers(context);
  }

  @Override
  public void close() {
    av_frame_free(picture);
    packets.forEach(packet -> av_packet_free(packet));
    avcodec_free_context(context);
  }

  private int receive() {
    int pictures = 0;
    while (avcodec_receive_frame(context, picture) >= 0) {
      av_frame_unref(picture);
      pictures++;
    }
    return pictures;
  }
}
