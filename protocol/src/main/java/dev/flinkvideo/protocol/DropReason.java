package dev.flinkvideo.protocol;

/**
 * Why something was not decoded, or not shown. The label is used alike in events, metrics and docs.
 */
public enum DropReason {
  /** Of a connection older than the one being decoded. */
  STALE_CONNECTION("stale-connection"),
  /** Its sequence number was decoded before. */
  DUPLICATE("duplicate"),
  /** Between a loss (or the start) and the next key frame nothing can be decoded exactly. */
  WAITING_FOR_KEY_FRAME("waiting-for-key-frame"),
  /** Missing segments, noticed by their sequence numbers; the count is how many are missing. */
  SEQUENCE_GAP("sequence-gap"),
  /** The decoder or the demultiplexer refused it. */
  CORRUPT("corrupt"),
  /** A part of a split access unit whose other parts did not come. */
  INCOMPLETE("incomplete"),
  /** The frame pool could not carry it. */
  OVER_BUDGET("over-budget"),
  /** The session is behind, so that fewer of its pictures are decoded. */
  LATE("late"),
  /** Decoded and not shown: no later than what was shown before the connection changed. */
  OVERLAP("overlap"),
  /** Its codec is not one this job decodes. */
  CODEC_UNKNOWN("codec-unknown");

  private final String label;

  DropReason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
