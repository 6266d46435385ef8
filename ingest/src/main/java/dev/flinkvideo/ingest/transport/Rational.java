package dev.flinkvideo.ingest.transport;

import org.bytedeco.ffmpeg.avutil.AVRational;

/** An exact fraction, as containers state rates and time bases; 0/0 or n/0 where none is known. */
public record Rational(int numerator, int denominator) {
  static Rational of(AVRational value) {
    return new Rational(value.num(), value.den());
  }

  public boolean isKnown() {
    return numerator > 0 && denominator > 0;
  }

  @Override
  public String toString() {
    return numerator + "/" + denominator;
  }
}
