package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an open connection does. */
public enum Role {
  /**
   * Publishes, from a kept key frame on that is not newer than what was published of the session
   * last. At most one connection of a session is live.
   */
  @JsonProperty("live")
  LIVE,
  /**
   * Was live, and publishes on until the new live one has taken over: then the next command lacks
   * it.
   */
  @JsonProperty("outgoing")
  OUTGOING,
  /** Publishes nothing: keeps its newest groups of pictures, and is measured and reported. */
  @JsonProperty("standby")
  STANDBY
}
