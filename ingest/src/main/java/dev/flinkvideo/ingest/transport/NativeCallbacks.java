package dev.flinkvideo.ingest.transport;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libavformat's way back into Java. JavaCPP makes at most ten functions of a type and hands out
 * null from the eleventh on, without a word; so there is one of each for all connections, and the
 * connection is found by the number that FFmpeg passes along. Any thread.
 */
final class NativeCallbacks {
  static {
    Natives.load();
  }

  private static final Logger LOG = LoggerFactory.getLogger(NativeCallbacks.class);

  private static final Map<Long, Callee> CALLEES = new ConcurrentHashMap<>();
  private static final AtomicLong NUMBERS = new AtomicLong();

  static final Read_packet_Pointer_BytePointer_int READ = new Read();
  static final AVIOInterruptCB.Callback_Pointer INTERRUPT = new Interrupt();

  private NativeCallbacks() {}

  /** Called back in the thread that called FFmpeg. */
  interface Callee {
    /**
     * @return bytes read or a negative AVERROR
     */
    int read(BytePointer into, int sizeBytes);

    boolean mustEnd();
  }

  /** Lets FFmpeg find {@code callee} by the pointer returned, until it is {@link #remove}d. */
  static Pointer add(Callee callee) {
    Pointer number = new Number(NUMBERS.incrementAndGet());
    CALLEES.put(number.address(), callee);
    return number;
  }

  static void remove(Pointer number) {
    CALLEES.remove(number.address());
  }

  /** An address that is never followed. */
  private static final class Number extends Pointer {
    Number(long value) {
      address = value;
    }
  }

  // Whatever a callback throws must not unwind through FFmpeg's frames.

  private static final class Read extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer number, BytePointer into, int sizeBytes) {
      Callee callee = CALLEES.get(number.address());
      try {
        return callee == null ? AVERROR_EXIT() : callee.read(into, sizeBytes);
      } catch (Throwable e) {
        LOG.error("reading failed", e);
        return AVERROR_EXIT();
      }
    }
  }

  private static final class Interrupt extends AVIOInterruptCB.Callback_Pointer {
    @Override
    public int call(Pointer number) {
      Callee callee = CALLEES.get(number.address());
      return callee == null || callee.mustEnd() ? 1 : 0;
    }
  }
}
