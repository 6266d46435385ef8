package dev.flinkvideo.operators.decode;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXTERNAL;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_create;

import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.Lease;
import dev.flinkvideo.operators.frame.PixelFormat;
import dev.flinkvideo.operators.frame.PoolExhaustedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVBufferRef;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.Free_Pointer_BytePointer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * libavcodec's {@code get_buffer2} for one decoder: pictures are decoded straight into leased pool
 * slots. All slots are leased when the first picture's size is known or the size changes; from then
 * on giving a buffer is popping a slot.
 *
 * <p>The two callbacks are static and find their decoder by id, because JavaCPP gives a callback
 * class at most ten live instances (the eleventh is a null function pointer), holds them weakly,
 * and turns an exception that leaves them into {@code std::terminate}. Task thread only, like the
 * decoder: it runs with one thread.
 */
final class FrameBuffers implements AutoCloseable {
  private static final int ENOMEM = -12;
  private static final int EINVAL = -22;

  private static final Map<Long, FrameBuffers> DECODERS = new ConcurrentHashMap<>();
  private static final Map<Long, Pictures> PICTURES = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT_ID = new AtomicLong(1);

  private static final AVCodecContext.Get_buffer2_AVCodecContext_AVFrame_int GET_BUFFER =
      new AVCodecContext.Get_buffer2_AVCodecContext_AVFrame_int() {
        @Override
        public int call(AVCodecContext context, AVFrame frame, int flags) {
          FrameBuffers buffers = null;
          try {
            buffers = DECODERS.get(Struct.pointer(context, Struct.CONTEXT_OPAQUE));
            return buffers.get(context, frame);
          } catch (Throwable t) {
            if (buffers != null) {
              buffers.failure = t;
            }
            return AVERROR_EXTERNAL;
          }
        }
      };

  private static final Free_Pointer_BytePointer FREE =
      new Free_Pointer_BytePointer() {
        @Override
        public void call(Pointer opaque, BytePointer data) {
          Pictures pictures = null;
          try {
            long id = opaque.address();
            pictures = PICTURES.get(id >>> SLOT_BITS);
            pictures.give((int) (id & SLOT_MASK));
          } catch (Throwable t) {
            if (pictures != null) {
              pictures.owner.failure = t;
            }
          }
        }
      };

  private static final int SLOT_BITS = 16;
  private static final long SLOT_MASK = (1 << SLOT_BITS) - 1;

  private final FramePool pool;
  private final String owner;
  private final Ffmpeg.Id id = new Ffmpeg.Id(NEXT_ID.getAndIncrement());
  private Pictures pictures;
  private Throwable failure;
  private PoolExhaustedException exhausted;
  private boolean unsupported;

  FrameBuffers(FramePool pool, String owner) {
    this.pool = pool;
    this.owner = owner;
    DECODERS.put(id.address(), this);
  }

  void attach(AVCodecContext context) {
    context.opaque(id);
    context.get_buffer2(GET_BUFFER);
  }

  /**
   * The next access unit is a key frame: from it on, pictures must not depend on what was decoded
   * before. Where parts of a picture are lost, HEVC and VP8 leave what was in the slot.
   */
  void forgetPictures() {
    if (pictures != null) {
      pictures.lease.forgetPictures();
    }
  }

  /**
   * What a callback threw since the last call, or null. It is a bug of ours or of the JVM, never of
   * the stream.
   */
  Throwable takeFailure() {
    Throwable thrown = failure;
    failure = null;
    return thrown;
  }

  /** The pool could not carry a picture since the last call, or null. */
  PoolExhaustedException takeExhausted() {
    PoolExhaustedException thrown = exhausted;
    exhausted = null;
    return thrown;
  }

  /** The stream's pixel format is none we can judge. */
  boolean unsupported() {
    return unsupported;
  }

  /** The decoder is closed; slots come back as its last pictures are dropped. */
  @Override
  public void close() {
    DECODERS.remove(id.address());
    retire();
    id.close();
  }

  private int get(AVCodecContext context, AVFrame frame) {
    int width = frame.width();
    int height = frame.height();
    int format = frame.format();
    if (pictures == null || !pictures.layout.fits(width, height, format)) {
      int result = lease(context, width, height, format);
      if (result < 0) {
        return result;
      }
    }
    return pictures.take(frame);
  }

  private int lease(AVCodecContext context, int width, int height, int format) {
    if (PixelFormats.of(format).isEmpty()) {
      unsupported = true;
      return EINVAL;
    }
    retire();
    try {
      FrameLayout layout = new FrameLayout(context, width, height, format);
      Lease lease =
          pool.lease(
              owner,
              CodecNeeds.slots(context, width, height),
              layout.bytes,
              CodecNeeds.outsideBytes(context, width, height));
      pictures = new Pictures(this, layout, lease);
      return 0;
    } catch (PoolExhaustedException e) {
      exhausted = e;
      return ENOMEM;
    } catch (IllegalArgumentException e) {
      return EINVAL;
    }
  }

  private void retire() {
    if (pictures != null) {
      pictures.retire();
      pictures = null;
    }
  }

  /**
   * The slots for pictures of one size; outlives its decoder while the codec or a frame holds one
   * of them.
   */
  private static final class Pictures {
    private final FrameBuffers owner;
    private final FrameLayout layout;
    private final Lease lease;
    private final long id = NEXT_ID.getAndIncrement();

    /** Pointers that libavcodec wants, made once per slot: no garbage per picture. */
    private final List<BytePointer[]> planes = new ArrayList<>();

    private final List<Ffmpeg.Id> tickets = new ArrayList<>();

    private boolean retired;

    private Pictures(FrameBuffers owner, FrameLayout layout, Lease lease) {
      this.owner = owner;
      this.layout = layout;
      this.lease = lease;
      PICTURES.put(id, this);
    }

    private int take(AVFrame frame) {
      Lease.Slot slot = lease.take();
      if (slot == null && lease.grow()) {
        slot = lease.take();
      }
      if (slot == null) {
        owner.exhausted = PoolExhaustedException.noSlotLeft(owner.pool, lease.slots());
        return ENOMEM;
      }
      addPointers(slot);
      BytePointer[] data = planes.get(slot.index());
      AVBufferRef buffer =
          av_buffer_create(data[0], layout.bytes, FREE, tickets.get(slot.index()), 0);
      if (buffer == null) {
        lease.give(slot.index());
        return ENOMEM;
      }
      frame.buf(0, buffer);
      for (int plane = 0; plane < layout.planes; plane++) {
        frame.data(plane, data[plane]);
        frame.linesize(plane, layout.strides[plane]);
      }
      frame.extended_data(frame.data());
      return 0;
    }

    private void addPointers(Lease.Slot slot) {
      while (planes.size() <= slot.index()) {
        int index = planes.size();
        long address = lease.slot(index).address();
        BytePointer[] data = new BytePointer[layout.planes];
        for (int plane = 0; plane < data.length; plane++) {
          data[plane] = new BytePointer(new Ffmpeg.Id(address + layout.offsets[plane]));
        }
        planes.add(data);
        tickets.add(new Ffmpeg.Id(id << SLOT_BITS | index));
      }
    }

    private void give(int index) {
      lease.give(index);
      forgetIfDone();
    }

    private void retire() {
      retired = true;
      lease.close();
      forgetIfDone();
    }

    private void forgetIfDone() {
      if (retired && lease.taken() == 0) {
        PICTURES.remove(id);
      }
    }
  }

  /** Layout facts that the decoder needs to describe a picture. */
  static PixelFormat format(AVFrame frame) {
    return PixelFormats.of(frame.format()).orElseThrow();
  }
}
