package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Optional;

/**
 * What, short of silence, can make a session leave a source. The pictures' alarms have the names of
 * their analyzers; the others are measured by the gateway.
 */
public enum Trigger {
  @JsonProperty("black")
  BLACK("black"),
  @JsonProperty("frozen")
  FROZEN("frozen"),
  @JsonProperty("blurred")
  BLURRED("blurred"),
  @JsonProperty("blocky")
  BLOCKY("blocky"),
  /** The share of packets that did not come, not even when asked for again. */
  @JsonProperty("loss")
  LOSS("loss"),
  /** Pictures reach the gateway long after they were taken. */
  @JsonProperty("late")
  LATE("late"),
  @JsonProperty("low-bitrate")
  LOW_BITRATE("low-bitrate"),
  /** Key frames are too far apart: each move and each recovery waits for one. */
  @JsonProperty("key-frame-interval")
  KEY_FRAME_INTERVAL("key-frame-interval");

  private final String label;

  Trigger(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** By its label, which for pictures is the name of the alarm. */
  public static Optional<Trigger> labelled(String label) {
    return Arrays.stream(values()).filter(known -> known.label.equals(label)).findFirst();
  }
}
