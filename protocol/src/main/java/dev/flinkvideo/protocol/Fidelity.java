package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Which pictures of a session are decoded, best first. The JSON name of each is part of the format.
 */
public enum Fidelity {
  /** Every picture. */
  @JsonProperty("all")
  ALL("all"),
  /** Pictures that others refer to. */
  @JsonProperty("reference")
  REFERENCE("reference"),
  /** Key frames: 22 to 28 times cheaper. */
  @JsonProperty("key")
  KEY("key"),
  /** None: the session skips what has come until it is at the end of the log again. */
  @JsonProperty("none")
  NONE("none");

  private final String label;

  Fidelity(String label) {
    this.label = label;
  }

  /**
   * @throws IllegalArgumentException if no fidelity has this label
   */
  public static Fidelity ofLabel(String label) {
    for (Fidelity fidelity : values()) {
      if (fidelity.label.equals(label)) {
        return fidelity;
      }
    }
    throw new IllegalArgumentException("no fidelity has label=" + label);
  }

  public String label() {
    return label;
  }
}
