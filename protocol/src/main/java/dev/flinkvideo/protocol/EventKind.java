package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What kinds of event there are. The JSON name of each is part of the format. */
public enum EventKind {
  /** A picture has been bad for as long as the alarm's duration; {@code name} says how. */
  @JsonProperty("alarm-raised")
  ALARM_RAISED,
  /** The picture is good again. */
  @JsonProperty("alarm-cleared")
  ALARM_CLEARED,
  /** Segments or access units were not decoded; {@code name} is the {@link DropReason}. */
  @JsonProperty("dropped")
  DROPPED,
  /** Another connection is decoded from here on. */
  @JsonProperty("connection-changed")
  CONNECTION_CHANGED,
  /** Segments arrive. */
  @JsonProperty("streaming")
  STREAMING,
  /** No segment came for the stall time. */
  @JsonProperty("stalled")
  STALLED,
  /** Pictures came out damaged. */
  @JsonProperty("damaged")
  DAMAGED,
  /** The stream's codec or pixel format is none this job decodes; the session stays. */
  @JsonProperty("unsupported")
  UNSUPPORTED,
  /**
   * The frame pool cannot carry this session now, or ever; the message names sizes and the option
   * to raise.
   */
  @JsonProperty("over-budget")
  OVER_BUDGET,
  /**
   * Too much was sent since the last key frame to keep it: after a failure the session would wait
   * for its next one. The message names the limit and the cure.
   */
  @JsonProperty("not-recoverable")
  NOT_RECOVERABLE,
  /**
   * More or fewer of the session's pictures are decoded from here on; {@code name} is the new
   * {@link Fidelity}, the message has the numbers that caused it.
   */
  @JsonProperty("fidelity-changed")
  FIDELITY_CHANGED,
  /** Every few seconds while segments come: how the session is decoded, see {@link Decoding}. */
  @JsonProperty("decoded")
  DECODED,
  /** Frame memory was not given back in time, or a decoder was forgotten: a bug, to be reported. */
  @JsonProperty("lease-overdue")
  LEASE_OVERDUE,
  /** Time stamps jumped and the time line was re-based. */
  @JsonProperty("time-rebased")
  TIME_REBASED,
  /**
   * The first picture of another connection was put behind the last one; {@code name} says by what.
   */
  @JsonProperty("time-joined")
  TIME_JOINED,
  /**
   * The session machine went from one state to another; {@code name} is the reason, {@code stoodMs}
   * how long it stood in the old one.
   */
  @JsonProperty("session-changed")
  SESSION_CHANGED,
  /** A source broke so often that it is left alone for a while. */
  @JsonProperty("source-quarantined")
  SOURCE_QUARANTINED,
  /** A specification is wrong; the one before stays in force. */
  @JsonProperty("specification-rejected")
  SPECIFICATION_REJECTED,
  /**
   * A gateway reads no version of commands that this job writes; {@code session} is the gateway.
   */
  @JsonProperty("gateway-incompatible")
  GATEWAY_INCOMPATIBLE
}
