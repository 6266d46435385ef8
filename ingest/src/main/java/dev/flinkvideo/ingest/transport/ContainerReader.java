package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.avformat.AVFormatContext.AVFMT_FLAG_CUSTOM_IO;
import static org.bytedeco.ffmpeg.avformat.AVFormatContext.AVFMT_FLAG_NOBUFFER;
import static org.bytedeco.ffmpeg.avformat.AVFormatContext.AVFMT_FLAG_NOPARSE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_NONE;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_parse_string;

import java.time.Duration;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The video of a live container (FLV, MPEG-TS), by libavformat. Nothing is probed or parsed, so
 * that each access unit goes on when its last byte is there: what a picture needs to be decoded the
 * stream itself says, in front of it. The first video stream is taken, others are passed over.
 */
public final class ContainerReader implements LiveTransport, AutoCloseable {
  static {
    Natives.load(); // before a field of ours makes JavaCPP read its settings
  }

  /** What the whole system can decode, by FFmpeg's names. */
  private static final Set<String> CODECS = Set.of("h264", "hevc", "vp8", "vp9", "av1");

  /**
   * Of MPEG-TS: how much is searched for packets before reading starts, and how large an access
   * unit may be that does not say its size, which are cut at 200 kB otherwise. FLV knows neither.
   */
  private static final String OPTIONS = "probesize=16384:max_packet_size=16777216";

  private final ContainerInput input;
  private final Deadlines deadlines;
  private final Deadline deadline;
  private final UnitCounter counter = new UnitCounter();
  private final Pointer callee = NativeCallbacks.add(new Callee());
  private boolean connected;

  /** When the last packet came, or the peer. */
  private long packetNanos;

  ContainerReader(ContainerInput input, Deadlines deadlines) {
    this.input = input;
    this.deadline = new Deadline(input.looksEvery());
    this.deadlines = deadlines;
  }

  /**
   * Reads what {@code feed} brings, whose peer is connected, and closes it.
   *
   * @param container FFmpeg's name, {@code flv} or {@code mpegts}
   */
  public static ContainerReader of(ByteFeed feed, String container, Deadlines deadlines) {
    return new ContainerReader(new FeedInput(feed, container), deadlines);
  }

  @Override
  public Ending read(LiveSink sink) {
    try (this) {
      if (!connected) {
        Ending refusal = connect();
        if (refusal != null) {
          return refusal;
        }
      }
      sink.opened();
      deadline.arm(deadlines.firstUnit());
      // A demuxer takes memory (that of FLV 2 MB), which who sends nothing must not cost.
      int error = input.awaitBytes(deadline.remainingNanos());
      return error < 0 ? ending(error) : readContainer(sink);
    }
  }

  /** Why the peer cannot be had, or null if it is there. For those who must know before reading. */
  Ending connect() {
    deadline.arm(deadlines.connect());
    int error =
        deadline.isStopped() ? AVERROR_EXIT : input.connect(callee, deadline.remainingNanos());
    connected = error >= 0;
    packetNanos = System.nanoTime();
    return connected ? null : ending(error);
  }

  @Override
  public void stop() {
    deadline.stop();
    input.stop();
  }

  @Override
  public TransportStatistics statistics() {
    return counter.statistics(input.link());
  }

  /** Of use only if {@link #read} is not called, which closes. */
  @Override
  public void close() {
    input.close();
    NativeCallbacks.remove(callee);
  }

  private Ending readContainer(LiveSink sink) {
    AVFormatContext context = avformat_alloc_context();
    context.pb(input.bytes());
    context.flags(
        context.flags() | AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_NOBUFFER | AVFMT_FLAG_NOPARSE);
    context.interrupt_callback().callback(NativeCallbacks.INTERRUPT).opaque(callee);
    AVDictionary options = new AVDictionary(null);
    av_dict_parse_string(options, OPTIONS, "=", ":", 0);
    AVPacket packet = av_packet_alloc();
    try {
      int error =
          avformat_open_input(
              context, (String) null, av_find_input_format(input.container()), options);
      return error < 0 ? ending(error) : readPackets(context, packet, sink);
    } finally {
      av_packet_free(packet);
      avformat_close_input(context); // frees nothing if opening failed, which freed it
      av_dict_free(options);
    }
  }

  private Ending readPackets(AVFormatContext context, AVPacket packet, LiveSink sink) {
    PacketUnits units = null;
    while (true) {
      int error = av_read_frame(context, packet);
      if (error < 0) {
        return ending(error);
      }
      AVCodecParameters parameters = context.streams(packet.stream_index()).codecpar();
      boolean video = parameters.codec_type() == AVMEDIA_TYPE_VIDEO && packet.size() > 0;
      if (video && units == null) {
        Ending unknown = checkCodec(parameters);
        if (unknown != null) {
          return unknown;
        }
        units = new PacketUnits(context.streams(packet.stream_index()), sink, input.heldBack());
      }
      if (video && units.isOf(packet)) {
        counter.count(units.give(packet));
        deadline.arm(deadlines.nextUnit()); // the sink's time is not the peer's
      } else {
        counter.passOver();
      }
      if (input.bytes().eof_reached() == 0) { // MPEG-TS gives out its last picture at the end only
        packetNanos = System.nanoTime();
      }
      av_packet_unref(packet);
    }
  }

  private static Ending checkCodec(AVCodecParameters parameters) {
    String codec = avcodec_get_name(parameters.codec_id()).getString();
    if (CODECS.contains(codec)) {
      return null;
    }
    String what = parameters.codec_id() == AV_CODEC_ID_NONE ? "one FFmpeg does not know" : codec;
    return new Ending(EndReason.CODEC_UNKNOWN, "codec=%s, send one of %s".formatted(what, CODECS));
  }

  private Ending ending(int error) {
    if (deadline.isStopped()) {
      return new Ending(EndReason.CLOSED, "we were told to close it");
    }
    if (deadline.hasPassed()) {
      return late();
    }
    return input.explain(
        error, connected ? Duration.ofNanos(System.nanoTime() - packetNanos) : null);
  }

  private Ending late() {
    if (!connected) {
      return new Ending(
          EndReason.LOST, "no answer within %d ms".formatted(deadlines.connect().toMillis()));
    }
    TransportStatistics came = statistics();
    if (came.accessUnits() > 0) {
      return new Ending(
          EndReason.STALLED, "no picture for %d ms".formatted(deadlines.nextUnit().toMillis()));
    }
    long firstMs = deadlines.firstUnit().toMillis();
    return came.passedOver() > 0
        ? new Ending(EndReason.NO_VIDEO, "only sound or data within %d ms".formatted(firstMs))
        : new Ending(EndReason.STALLED, "nothing within %d ms".formatted(firstMs));
  }

  /** In the reading thread, out of FFmpeg. */
  private final class Callee implements NativeCallbacks.Callee {
    @Override
    public int read(BytePointer into, int sizeBytes) {
      return input.read(into, sizeBytes, deadline.remainingNanos());
    }

    @Override
    public boolean mustEnd() {
      return deadline.mustEnd();
    }
  }
}
