package dev.flinkvideo.protocol;

/**
 * What was seen: one record on {@code video.observations}. (session, epoch, openedAtMs, sequence,
 * frame) identifies it; everything but {@link #timing()} is the same in every run over the same
 * log.
 */
public sealed interface Observation permits FrameObservation, IntervalObservation {
  /** The version this code writes, and the newest it reads. */
  int VERSION = 1;

  int version();

  String session();

  String source();

  long epoch();

  long openedAtMs();

  long sequence();

  int frame();

  /** Nanoseconds since the session's first frame. */
  long timeNs();

  Timing timing();
}
