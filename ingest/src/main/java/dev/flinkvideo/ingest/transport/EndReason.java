package dev.flinkvideo.ingest.transport;

/** Why a connection ended. The label is used alike in reports, metrics and docs. */
public enum EndReason {
  /** One side said that it was over: the peer unpublished, or we were told to stop. */
  CLOSED("closed"),
  /** The peer is gone without a word: killed, cut off, or never answered. */
  LOST("lost"),
  /** The peer, or nobody at its address, would not have us. */
  REFUSED("refused"),
  /** A wrong key, passphrase or stream id. */
  UNAUTHORISED("unauthorised"),
  /** Still connected, but no access unit came within the deadline. */
  STALLED("stalled"),
  /** The peer does not speak the protocol, or breaks its rules or our bounds. */
  PROTOCOL_ERROR("protocol-error"),
  /** Sound or data came within the deadline, and no video. */
  NO_VIDEO("no-video"),
  /** The video is in a codec that we do not pass on. */
  CODEC_UNKNOWN("codec-unknown");

  private final String label;

  EndReason(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
