package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a gateway says of itself or of a connection. The JSON name of each is part of the format.
 */
public enum ReportKind {
  /**
   * Which versions of commands it reads: when it starts and every 10 s. Its Kafka key is the
   * gateway, it belongs to no session.
   */
  @JsonProperty("greeting")
  GREETING,
  /**
   * A publisher of an awaited source is connected and held: when it comes and every 10 s. It has no
   * epoch.
   */
  @JsonProperty("available")
  AVAILABLE,
  /** The transport is connected. */
  @JsonProperty("opened")
  OPENED,
  /** It has a key frame: a standby could go live, a live one begins to publish. */
  @JsonProperty("first-segment")
  FIRST_SEGMENT,
  /** It is live: its first segment is on the log. */
  @JsonProperty("live")
  LIVE,
  /** Every second while it is open. */
  @JsonProperty("statistics")
  STATISTICS,
  /** The transport itself noticed silence; the connection is still open. */
  @JsonProperty("stalled")
  STALLED,
  /** It is closed, or could not be opened; the last report of a connection. */
  @JsonProperty("closed")
  CLOSED
}
