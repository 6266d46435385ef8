package dev.flinkvideo.operators.frame;

/** What a pool tells about itself. Any thread. */
public interface FramePoolFigures {
  /** The budget. */
  long sizeBytes();

  /** Slots leased plus what their holders allocate outside the pool. */
  long leasedBytes();

  /** Most bytes ever leased at once. */
  long peakBytes();

  /** Frames lent and not given back. */
  int framesOutstanding();
}
