package dev.flinkvideo.operators.decode;

import dev.flinkvideo.protocol.Decoding;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.Timing;
import java.util.Arrays;

/**
 * Latency of one session's pictures since it was last told. For people to look at: nothing of it
 * survives a failure. Task thread only.
 */
final class DecodingMeter {
  /** Four seconds of 60 pictures: 1 KiB a session. */
  private static final int MOST_KEPT = 256;

  /** A ring. */
  private final int[] latenciesMs = new int[MOST_KEPT];

  private int pictures;
  private Timing newest;
  private long sinceUs;

  DecodingMeter(long nowUs) {
    sinceUs = nowUs;
  }

  void picture(Timing timing) {
    latenciesMs[pictures % MOST_KEPT] =
        (int) Math.min(Integer.MAX_VALUE, Math.max(0, timing.totalUs() / 1_000));
    pictures++;
    newest = timing;
  }

  /** Whether the last time that it told is so long ago. */
  boolean isDue(long everyUs, long nowUs) {
    return nowUs - sinceUs >= everyUs;
  }

  /** Tells, and begins anew. */
  Decoding take(Fidelity fidelity, long nowUs) {
    int[] sorted = Arrays.copyOf(latenciesMs, Math.min(pictures, MOST_KEPT));
    Arrays.sort(sorted);
    Decoding decoding =
        new Decoding(
            fidelity,
            pictures,
            (nowUs - sinceUs) / 1_000,
            percentile(sorted, 0.5),
            percentile(sorted, 0.99),
            newest,
            nowUs / 1_000);
    pictures = 0;
    newest = null;
    sinceUs = nowUs;
    return decoding;
  }

  /** By nearest rank. */
  private static Long percentile(int[] sorted, double share) {
    if (sorted.length == 0) {
      return null;
    }
    return (long) sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
