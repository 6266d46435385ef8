package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_frame_rate;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;

import dev.flinkvideo.protocol.ContentHash;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;

/**
 * The video of a file, exactly as libavformat gives it: any container or elementary stream it
 * reads, time stamps absent where it has none ({@link CompleteTimes} fills them in). Sound and
 * other streams are passed over. A file that is cut off gives what is there. One thread; closed by
 * whoever opened it, and of no use afterwards.
 */
public final class FileSource implements UnitSource {
  private final OpenFile file;
  private final StreamFormat format;
  private final PictureFormat picture;
  private final Rational frameRate;
  private final AVPacket packet;

  private long durationTicks;
  private boolean hidden;
  private long passedOver;
  private boolean ended;
  private int readError;
  private boolean closed;

  /**
   * @throws UnreadableMediaException if the file is not video; its message says what it is
   */
  public FileSource(Path path) throws IOException {
    file = new OpenFile(path);
    AVStream video = file.video();
    AVCodecParameters parameters = video.codecpar();
    format =
        new StreamFormat(
            avcodec_get_name(parameters.codec_id()).getString(),
            bytes(parameters.extradata(), parameters.extradata_size()),
            video.time_base().num(),
            video.time_base().den());
    picture = PictureFormat.of(parameters);
    try (AVRational guess = av_guess_frame_rate(file.context(), video, /* frame= */ null)) {
      frameRate = Rational.of(guess);
    }
    packet = av_packet_alloc();
  }

  @Override
  public StreamFormat format() {
    return format;
  }

  @Override
  public PictureFormat picture() {
    return picture;
  }

  /** FFmpeg's AVCodecID. */
  public int codecId() {
    return video().codecpar().codec_id();
  }

  /** FFmpeg's short name of the container, e.g. {@code mov,mp4,m4a,3gp,3g2,mj2}. */
  public String container() {
    return file.context().iformat().name().getString();
  }

  /** libavformat's best guess, made from the other two. */
  public Rational frameRate() {
    return frameRate;
  }

  /** Pictures by duration. */
  public Rational averageFrameRate() {
    return Rational.of(video().avg_frame_rate());
  }

  /** The lowest rate that can show each picture on time. */
  public Rational realFrameRate() {
    return Rational.of(video().r_frame_rate());
  }

  /**
   * When the earliest stream of the file starts, in microseconds, or {@link EncodedUnit#NO_TIME}.
   */
  public long startTimeUs() {
    return context().start_time();
  }

  /** Of the file, in microseconds, or {@link EncodedUnit#NO_TIME}. */
  public long durationUs() {
    return context().duration();
  }

  @Override
  public EncodedUnit next() {
    if (closed) {
      throw new IllegalStateException("file source is closed");
    }
    while (!ended) {
      int error = av_read_frame(context(), packet);
      if (error < 0) {
        ended = true;
        readError = error == AVERROR_EOF ? 0 : error;
        break;
      }
      if (packet.stream_index() == video().index() && packet.size() > 0) {
        return unit();
      }
      passedOver++;
      av_packet_unref(packet);
    }
    return null;
  }

  @Override
  public long durationTicks() {
    return durationTicks;
  }

  /**
   * Whether the unit that {@link #next} gave last is to be decoded but not shown, because an edit
   * list of the container cuts it away.
   */
  public boolean hidden() {
    return hidden;
  }

  /** Packets of other streams so far: sound, subtitles, a second picture. */
  public long passedOver() {
    return passedOver;
  }

  /** What ended the file if not its end: damage, a failing disk. */
  public Optional<String> readError() {
    return readError == 0 ? Optional.empty() : Optional.of(Natives.describe(readError));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    av_packet_free(packet);
    file.close();
  }

  private EncodedUnit unit() {
    byte[] data = bytes(packet.data(), packet.size());
    long pts = packet.pts();
    long dts = packet.dts();
    boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    hidden = (packet.flags() & AV_PKT_FLAG_DISCARD) != 0;
    durationTicks = packet.duration();
    av_packet_unref(packet);
    long contentHash = ContentHash.of(format.codec(), format.configuration(), data);
    return new EncodedUnit(data, pts, dts, key, contentHash);
  }

  private AVFormatContext context() {
    return file.context();
  }

  private AVStream video() {
    if (closed) {
      throw new IllegalStateException("file source is closed");
    }
    return file.video();
  }

  private static byte[] bytes(BytePointer from, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    if (sizeBytes > 0) {
      from.get(bytes);
    }
    return bytes;
  }
}
