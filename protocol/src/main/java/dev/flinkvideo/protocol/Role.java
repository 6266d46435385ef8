package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an open connection does. */
public enum Role {
  /** Publishes, from its newest key frame on. At most one connection of a session is live. */
  @JsonProperty("live")
  LIVE,
  /**
   * Was live, and publishes on until the new live one has taken over: then the next command lacks
   * it.
   */
  @JsonProperty("outgoing")
  OUTGOING,
  /** Publishes nothing: keeps its newest group of pictures, and is measured and reported. */
  @JsonProperty("standby")
  STANDBY
}
