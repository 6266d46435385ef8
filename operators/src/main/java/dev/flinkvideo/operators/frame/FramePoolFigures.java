package dev.flinkvideo.operators.frame;

/** What a pool tells about itself. Any thread. */
public interface FramePoolFigures {
  /** The budget. */
  long sizeBytes();

  /** Slots leased plus what their holders allocate outside the pool. */
  long leasedBytes();

  /** Most bytes ever leased at once. */
  long peakBytes();

  /** Leases that have not ended. */
  int leasesOutstanding();

  /** Frames lent and not given back. */
  int framesOutstanding();

  /** Leases and frames that were overdue when {@link FramePool#overdue} last looked: leaks. */
  int overdueCount();
}
