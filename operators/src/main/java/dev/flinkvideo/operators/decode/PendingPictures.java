package dev.flinkvideo.operators.decode;

/**
 * Access units given to the decoder whose pictures have not come out, by tag. A decoder holds back
 * at most 16 pictures (H.264 and HEVC) before it shows one, so a ring of 64 forgets only those that
 * never come out. Task thread only.
 */
final class PendingPictures {
  private static final int SIZE = 64;

  private final SentUnit[] ring = new SentUnit[SIZE];
  private final long[] tags = new long[SIZE];
  private long nextTag = 1;

  /** Remembers an access unit; the tag to send it with. */
  long add(SentUnit unit) {
    long tag = nextTag++;
    int slot = (int) (tag % SIZE);
    ring[slot] = unit;
    tags[slot] = tag;
    return tag;
  }

  /** The access unit with this tag, or null if it was forgotten. */
  SentUnit take(long tag) {
    int slot = (int) (tag % SIZE);
    if (tag <= 0 || tags[slot] != tag) {
      return null;
    }
    tags[slot] = 0;
    return ring[slot];
  }

  /** Whether an access unit was given whose picture has not come out. */
  boolean isEmpty() {
    for (long tag : tags) {
      if (tag != 0) {
        return false;
      }
    }
    return true;
  }

  void clear() {
    for (int i = 0; i < SIZE; i++) {
      tags[i] = 0;
      ring[i] = null;
    }
  }
}
