package dev.flinkvideo.protocol;

import java.util.Arrays;

/**
 * What a decoder must know before the first access unit.
 *
 * @param codec FFmpeg's short name, e.g. {@code h264}
 * @param configuration extradata as the container carries it, may be empty
 * @param timeBaseNumerator with the denominator the unit of pts and dts in seconds
 */
public record StreamFormat(
    String codec, byte[] configuration, int timeBaseNumerator, int timeBaseDenominator) {

  @Override
  public boolean equals(Object other) {
    return other instanceof StreamFormat that
        && codec.equals(that.codec)
        && Arrays.equals(configuration, that.configuration)
        && timeBaseNumerator == that.timeBaseNumerator
        && timeBaseDenominator == that.timeBaseDenominator;
  }

  @Override
  public int hashCode() {
    return 31 * codec.hashCode() + Arrays.hashCode(configuration);
  }

  @Override
  public String toString() {
    return "%s configuration=%dB timeBase=%d/%d"
        .formatted(codec, configuration.length, timeBaseNumerator, timeBaseDenominator);
  }
}
