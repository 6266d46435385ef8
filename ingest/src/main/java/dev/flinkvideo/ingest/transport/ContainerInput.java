package dev.flinkvideo.ingest.transport;

import java.time.Duration;
import java.util.Optional;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Where the bytes of one container come from, and what it means when they end. Used by one {@link
 * ContainerReader} in its thread, {@link #stop} and {@link #link} from any.
 */
interface ContainerInput extends AutoCloseable {
  /** FFmpeg's short name of the container. */
  String container();

  /**
   * Waits until the peer is there.
   *
   * @param callee finds the reader, see {@link NativeCallbacks}
   * @return 0 or a negative AVERROR
   */
  int connect(Pointer callee, long patienceNanos);

  /**
   * Waits for the first bytes, where that can be told.
   *
   * @return 0 or a negative AVERROR
   */
  default int awaitBytes(long patienceNanos) {
    return 0;
  }

  /** What libavformat reads from, once connected; freed by {@link #close}. */
  AVIOContext bytes();

  /** {@link NativeCallbacks.Callee#read}, for input that comes by way of Java. */
  int read(BytePointer into, int sizeBytes, long patienceNanos);

  /**
   * Why there is no more.
   *
   * @param silence since the last packet, or since {@link #connect}; null if that failed
   */
  Ending explain(int error, Duration silence);

  Optional<LinkStatistics> link();

  /** Ends a call that waits, where the interrupt callback alone would not. */
  void stop();

  @Override
  void close();

  /** How often it looks whether it must end while it waits; zero if it wakes up in time. */
  default Duration looksEvery() {
    return Duration.ZERO;
  }

  /** For how long bytes that are there are kept from us, as far as is known; once connected. */
  default Duration heldBack() {
    return Duration.ZERO;
  }
}
