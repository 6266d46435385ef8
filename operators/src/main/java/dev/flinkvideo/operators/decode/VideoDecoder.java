package dev.flinkvideo.operators.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_COPY_OPAQUE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import dev.flinkvideo.operators.frame.Frame;
import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.PixelFormat;
import dev.flinkvideo.operators.frame.PoolExhaustedException;
import dev.flinkvideo.protocol.StreamFormat;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/**
 * Decodes one stream into frames of a pool, with one thread. Protocol: {@link #send} one access
 * unit, then {@link #receive} until it gives null, closing each frame before the next; at the end
 * {@link #drain} and receive again. Made, used and closed by the task thread.
 *
 * <p>Whatever a stream contains becomes an {@link Outcome}; an exception from {@code send} or
 * {@code receive} is a bug.
 */
public final class VideoDecoder implements AutoCloseable {
  /** What became of an access unit. */
  public enum Outcome {
    ACCEPTED,
    /**
     * The decoder refused it; its pictures, and those that refer to them, are missing or damaged.
     */
    CORRUPT,
    /** The pool cannot carry this decoder beside the others now. The decoder must be closed. */
    OVER_BUDGET,
    /** It needs more of the pool than one session may hold. The decoder must be closed. */
    LARGER_THAN_SHARE,
    /** Not even an empty pool could carry it. The decoder must be closed. */
    LARGER_THAN_POOL,
    /** A pixel format that cannot be judged. The decoder must be closed. */
    UNSUPPORTED
  }

  private static final int EAGAIN = -11;
  private static final long FULL_HD_PIXELS = 1_920 * 1_088;

  /** libavutil/frame.h; the presets leave them out. */
  private static final int AV_FRAME_FLAG_CORRUPT = 1;

  private static final int AV_FRAME_FLAG_KEY = 2;

  private final FramePool pool;
  private final String owner;
  private final FrameBuffers buffers;
  private final InputBuffer input = new InputBuffer();
  private final AVCodecContext context;
  private final AVPacket packet;
  private final AVFrame picture;
  private final Ffmpeg.Id tag = new Ffmpeg.Id(0);
  private final Runnable giveBack;

  /** Of the one frame that can be out: it is closed before the next is received. */
  private final long[] addresses = new long[Struct.FRAME_PLANES];

  private final int[] strides = new int[Struct.FRAME_PLANES];

  private long corruptUnits;
  private String exhaustion = "";
  private boolean closed;

  /**
   * @param owner the session, for messages
   * @throws UnsupportedStreamException if FFmpeg has no decoder that writes into buffers of ours
   */
  public VideoDecoder(StreamFormat format, FramePool pool, String owner)
      throws UnsupportedStreamException {
    this(format, pool, owner, /* reorderDelay= */ 0);
  }

  /**
   * @param reorderDelay what {@link #delayFrames} said of an earlier decoder when it stood here:
   *     H.264 without VUI shows only as it goes on how far pictures are reordered, and concealment
   *     of damage depends on it
   */
  VideoDecoder(StreamFormat format, FramePool pool, String owner, int reorderDelay)
      throws UnsupportedStreamException {
    Ffmpeg.load();
    this.pool = pool;
    this.owner = owner;
    AVCodec codec = Ffmpeg.decoder(format.codec());
    this.buffers = new FrameBuffers(pool, owner);
    this.context = avcodec_alloc_context3(codec);
    this.packet = av_packet_alloc();
    this.picture = av_frame_alloc();
    this.giveBack = () -> av_frame_unref(picture);
    context.thread_count(1);
    // A picture of more pixels than the pool has bytes can never fit; without a bound a few bytes
    // of noise that pass for a size make the codec allocate gigabytes of tables before it asks for
    // a buffer. Up to full HD it may ask, so that the refusal is the pool's, which has sizes to
    // tell.
    context.max_pixels(Math.max(pool.sizeBytes(), FULL_HD_PIXELS));
    context.flags(context.flags() | AV_CODEC_FLAG_COPY_OPAQUE);
    context.pkt_timebase().num(format.timeBaseNumerator()).den(format.timeBaseDenominator());
    setConfiguration(format.configuration());
    if (reorderDelay > 0) {
      context.has_b_frames(reorderDelay);
    }
    buffers.attach(context);
    int result = avcodec_open2(context, codec, (AVDictionary) null);
    if (result < 0) {
      close();
      throw new UnsupportedStreamException(
          "codec=%s cannot be opened with its configuration of %d bytes: %s"
              .formatted(format.codec(), format.configuration().length, Ffmpeg.message(result)));
    }
  }

  private void setConfiguration(byte[] configuration) {
    if (configuration.length == 0) {
      return;
    }
    BytePointer copy =
        new BytePointer(av_mallocz(configuration.length + AV_INPUT_BUFFER_PADDING_SIZE));
    copy.put(configuration);
    context.extradata(copy).extradata_size(configuration.length); // freed with the context
  }

  /**
   * Decodes one access unit.
   *
   * @param unit its bytes, from position to limit
   * @param unitTag comes back with the picture decoded from it; above 0
   */
  public Outcome send(ByteBuffer unit, long pts, long dts, boolean key, long unitTag) {
    if (!unit.hasRemaining()) {
      corruptUnits++; // FFmpeg would take an empty packet for the end of the stream
      return Outcome.CORRUPT;
    }
    if (key) {
      buffers.forgetPictures();
    }
    input.fill(packet, unit);
    tag.set(unitTag);
    packet.opaque(tag);
    packet.pts(pts);
    packet.dts(dts);
    packet.flags(key ? AV_PKT_FLAG_KEY : 0);
    int result = avcodec_send_packet(context, packet);
    av_packet_unref(packet);
    if (result == EAGAIN || result == AVERROR_EOF) {
      throw new IllegalStateException(
          "receive until null before sending; after drain send no more");
    }
    if (result < 0) {
      corruptUnits++;
    }
    return outcome(result);
  }

  /**
   * The next picture, or null if the decoder wants the next access unit (or, after {@link #drain},
   * has no more).
   */
  public DecodedFrame receive() {
    while (true) {
      int result = avcodec_receive_frame(context, picture);
      if (result == EAGAIN || result == AVERROR_EOF) {
        rethrow();
        return null;
      }
      if (result >= 0) {
        return describe();
      }
      corruptUnits++; // each error consumes input, so this ends
      rethrow();
    }
  }

  /** No more access units will come: what the decoder holds back for reordering can be received. */
  public void drain() {
    avcodec_send_packet(context, (AVPacket) null);
  }

  /** Forgets everything decoded so far; the next access unit should be a key frame. */
  public void flush() {
    avcodec_flush_buffers(context);
  }

  /** Pictures the decoder may hold back before it gives the first one. */
  public int delayFrames() {
    return context.has_b_frames();
  }

  /** Access units refused since the decoder was opened. */
  public long corruptUnits() {
    return corruptUnits;
  }

  /** What the pool said when it last could not carry this decoder. */
  public String exhaustion() {
    return exhaustion;
  }

  /** An outcome that only showed while receiving, {@link Outcome#ACCEPTED} if there is none. */
  public Outcome lateOutcome() {
    return outcome(0);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    av_frame_free(picture);
    av_packet_free(packet);
    avcodec_free_context(context);
    buffers.close();
    input.close();
  }

  private Outcome outcome(int result) {
    rethrow();
    if (buffers.unsupported()) {
      return Outcome.UNSUPPORTED;
    }
    PoolExhaustedException exhausted = buffers.takeExhausted();
    if (exhausted != null) {
      exhaustion = exhausted.getMessage();
      return switch (exhausted.exceeded()) {
        case FREE_MEMORY -> Outcome.OVER_BUDGET;
        case SESSION_SHARE -> Outcome.LARGER_THAN_SHARE;
        case POOL -> Outcome.LARGER_THAN_POOL;
      };
    }
    return result < 0 ? Outcome.CORRUPT : Outcome.ACCEPTED;
  }

  private void rethrow() {
    Throwable failure = buffers.takeFailure();
    if (failure != null) {
      throw new IllegalStateException("frame callback of " + owner + " failed", failure);
    }
  }

  /**
   * Reads pointers of the struct directly: JavaCPP would make an object of each, for every picture.
   */
  private DecodedFrame describe() {
    PixelFormat format = FrameBuffers.format(picture);
    for (int plane = 0; plane < format.planes(); plane++) {
      addresses[plane] = Struct.pointer(picture, Struct.FRAME_DATA + (long) Long.BYTES * plane);
      strides[plane] = picture.linesize(plane);
    }
    Frame frame =
        new Frame(
            pool,
            owner,
            giveBack,
            format,
            picture.width(),
            picture.height(),
            picture.color_range() == AVCOL_RANGE_JPEG || format.name().startsWith("yuvj"),
            addresses,
            strides);
    int flags = picture.flags();
    return new DecodedFrame(
        frame,
        picture.best_effort_timestamp(),
        picture.duration(),
        Struct.pointer(picture, Struct.FRAME_OPAQUE),
        (flags & AV_FRAME_FLAG_KEY) != 0,
        (flags & AV_FRAME_FLAG_CORRUPT) != 0 || picture.decode_error_flags() != 0);
  }
}
