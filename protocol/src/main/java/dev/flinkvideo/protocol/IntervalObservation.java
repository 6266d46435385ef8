package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What was seen in one second of media: minimum, mean and maximum of every measure. Its identity is
 * that of its first frame.
 *
 * @param timeNs where the interval starts, in nanoseconds since the session's first frame
 * @param durationNs how long it is
 * @param frames pictures in it
 * @param keyFrames how many of them were key frames
 * @param damagedFrames how many of them had to be concealed in part
 * @param fidelity the lowest at which one of them was decoded
 * @param timing of its last frame
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"version", "kind"})
public record IntervalObservation(
    int version,
    String session,
    String source,
    long epoch,
    long openedAtMs,
    long sequence,
    int frame,
    long timeNs,
    long durationNs,
    int frames,
    int keyFrames,
    int damagedFrames,
    Fidelity fidelity,
    int widthPx,
    int heightPx,
    String pixelFormat,
    Range lumaMean,
    Range contrast,
    Range saturation,
    Range blackShare,
    Range difference,
    Range sharpness,
    Range blockiness,
    Range sceneScore,
    Timing timing)
    implements Observation {

  /** Minimum, arithmetic mean and maximum over the frames of the interval. */
  public record Range(double min, double mean, double max) {}
}
