package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a connection is closed, or could not be opened. */
public enum CloseReason {
  /** The publisher or the server ended the stream properly. */
  @JsonProperty("ended")
  ENDED,
  /** A command no longer names it. */
  @JsonProperty("commanded")
  COMMANDED,
  /** Another publisher, or another epoch of the source, took its place. */
  @JsonProperty("replaced")
  REPLACED,
  /** Nobody answers at the endpoint, or it has no address. */
  @JsonProperty("unreachable")
  UNREACHABLE,
  /** The endpoint answers, and says no. */
  @JsonProperty("refused")
  REFUSED,
  /** The credential is missing or wrong. */
  @JsonProperty("unauthorized")
  UNAUTHORIZED,
  /** The transport gave up waiting. */
  @JsonProperty("timed-out")
  TIMED_OUT,
  /** Reset, or bytes that are not the protocol. */
  @JsonProperty("broken")
  BROKEN,
  /** No video, or a codec that segments cannot carry. */
  @JsonProperty("unsupported")
  UNSUPPORTED,
  /** The gateway is going down; another one may take over. */
  @JsonProperty("gateway-stopping")
  GATEWAY_STOPPING
}
