package dev.flinkvideo.operators.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXTERNAL;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.RejectReason;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Takes a self-contained container record ({@code video/mp2t}, {@code video/mp4}) apart into access
 * units. The format is forced and {@code avformat_find_stream_info} is not called: it decodes
 * frames to guess what the container already says (13 ms a segment instead of 1 ms). Stateless; any
 * thread.
 */
public final class ContainerDemuxer {
  /** A record's first video stream. */
  public record Demuxed(StreamFormat format, List<EncodedUnit> units) {}

  private static final int IO_BUFFER_BYTES = 32 << 10;

  /** An hour at 25 pictures per second; a record has less than a megabyte for all of them. */
  private static final int MAX_UNITS = 90_000;

  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_END = 2;

  private static final Map<Long, Reader> READERS = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT_ID = new AtomicLong(1);

  /** The record being read: what a {@code FILE *} is to C. */
  private static final class Reader {
    private final byte[] data;
    private int at;

    private Reader(byte[] data) {
      this.data = data;
    }

    private int read(BytePointer into, int bytes) {
      int count = Math.min(bytes, data.length - at);
      if (count <= 0) {
        return AVERROR_EOF;
      }
      into.put(data, at, count);
      at += count;
      return count;
    }

    private long seek(long offset, int whence) {
      long to = switch (whence & ~0x20000) { // AVSEEK_FORCE
            case SEEK_SET -> offset;
            case SEEK_CUR -> at + offset;
            case SEEK_END -> data.length + offset;
            case AVSEEK_SIZE -> -1;
            default -> -2;
          };
      if (to == -1) {
        return data.length;
      }
      if (to < 0 || to > data.length) {
        return AVERROR_EXTERNAL;
      }
      at = (int) to;
      return to;
    }
  }

  // Static for the reasons FrameBuffers gives.
  private static final Read_packet_Pointer_BytePointer_int READ =
      new Read_packet_Pointer_BytePointer_int() {
        @Override
        public int call(Pointer opaque, BytePointer buffer, int bytes) {
          try {
            return READERS.get(opaque.address()).read(buffer, bytes);
          } catch (Throwable t) {
            return AVERROR_EXTERNAL;
          }
        }
      };

  private static final Seek_Pointer_long_int SEEK =
      new Seek_Pointer_long_int() {
        @Override
        public long call(Pointer opaque, long offset, int whence) {
          try {
            return READERS.get(opaque.address()).seek(offset, whence);
          } catch (Throwable t) {
            return AVERROR_EXTERNAL;
          }
        }
      };

  private ContainerDemuxer() {}

  /**
   * @param contentType {@code video/mp2t} or {@code video/mp4}
   * @throws RejectedRecordException if it is no such container, or holds no video
   */
  public static Demuxed demux(byte[] record, String contentType) throws RejectedRecordException {
    Ffmpeg.load();
    Ffmpeg.Id id = new Ffmpeg.Id(NEXT_ID.getAndIncrement());
    READERS.put(id.address(), new Reader(record));
    BytePointer buffer = new BytePointer(av_malloc(IO_BUFFER_BYTES));
    AVIOContext io = avio_alloc_context(buffer, IO_BUFFER_BYTES, 0, id, READ, null, SEEK);
    AVFormatContext container = avformat_alloc_context();
    try {
      container.pb(io);
      AVInputFormat format = inputFormat(contentType);
      int result = avformat_open_input(container, (String) null, format, (AVDictionary) null);
      if (result < 0) {
        throw unreadable(record, contentType, Ffmpeg.message(result));
      }
      return read(container, record, contentType);
    } finally {
      avformat_close_input(container);
      av_free(io.buffer()); // libavformat may have replaced ours
      avio_context_free(io);
      READERS.remove(id.address());
    }
  }

  private static AVInputFormat inputFormat(String contentType) {
    return av_find_input_format(contentType.equals("video/mp2t") ? "mpegts" : "mov");
  }

  private static Demuxed read(AVFormatContext container, byte[] record, String contentType)
      throws RejectedRecordException {
    List<EncodedUnit> units = new ArrayList<>();
    AVPacket packet = av_packet_alloc();
    int video = -1;
    long packetBytes = 0;
    try {
      while (av_read_frame(container, packet) >= 0) {
        packetBytes += packet.size();
        if (packetBytes > record.length || units.size() == MAX_UNITS) {
          throw unreadable(
              record,
              contentType,
              "its tables claim more pictures or bytes than are in it, pictures=%d bytes=%d"
                  .formatted(units.size(), packetBytes));
        }
        if (video < 0) {
          video = videoStream(container);
        }
        if (packet.stream_index() == video && packet.size() > 0) {
          units.add(unit(packet));
        }
        av_packet_unref(packet);
      }
    } finally {
      av_packet_free(packet);
    }
    if (units.isEmpty()) {
      throw unreadable(
          record,
          contentType,
          "no video in it; a media segment without its initialisation segment cannot be read alone");
    }
    return new Demuxed(format(container.streams(video)), units);
  }

  /**
   * MPEG-TS knows its streams only once its tables were read, so this is asked at the first packet.
   */
  private static int videoStream(AVFormatContext container) {
    for (int i = 0; i < container.nb_streams(); i++) {
      if (container.streams(i).codecpar().codec_type() == AVMEDIA_TYPE_VIDEO) {
        return i;
      }
    }
    return -1;
  }

  private static StreamFormat format(AVStream stream) {
    AVCodecParameters parameters = stream.codecpar();
    byte[] configuration = new byte[parameters.extradata_size()];
    if (configuration.length > 0) {
      parameters.extradata().get(configuration);
    }
    return new StreamFormat(
        avcodec_get_name(parameters.codec_id()).getString(),
        configuration,
        stream.time_base().num(),
        stream.time_base().den());
  }

  private static EncodedUnit unit(AVPacket packet) {
    byte[] data = new byte[packet.size()];
    packet.data().get(data);
    boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    return new EncodedUnit(data, packet.pts(), packet.dts(), key, /* contentHash= */ 0);
  }

  private static RejectedRecordException unreadable(byte[] record, String contentType, String why) {
    return new RejectedRecordException(
        RejectReason.UNREADABLE,
        "not a self-contained %s of %d bytes: %s".formatted(contentType, record.length, why));
  }
}
