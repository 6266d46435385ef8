package dev.flinkvideo.jobs.inspect;

import dev.flinkvideo.ingest.transport.Rational;
import dev.flinkvideo.protocol.EncodedUnit;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * FFmpeg's framemd5 format (libavformat/framehash.c), with the time stamps that {@code ffmpeg -f
 * framemd5} gives: counted in frames of the guessed frame rate from the start of the file, by the
 * rules of its variable-rate sync.
 */
public final class FrameMd5Output implements InspectOutput {
  private static final Rational FALLBACK_RATE = new Rational(25, 1);

  private final PrintWriter out;
  private double ticksPerPts;
  private double startTicks;
  private boolean begun;
  private Rational rate;
  private Rational sampleAspect;
  private double startSeconds;
  private long next;

  public FrameMd5Output(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(InspectedStream stream) {
    rate = stream.frameRate().isKnown() ? stream.frameRate() : FALLBACK_RATE;
    sampleAspect = stream.picture().sampleAspect();
    double secondsPerPts =
        (double) stream.format().timeBaseNumerator() / stream.format().timeBaseDenominator();
    ticksPerPts = secondsPerPts * rate.numerator() / rate.denominator();
    startSeconds = stream.startTimeUs() == EncodedUnit.NO_TIME ? 0 : stream.startTimeUs() / 1e6;
    // ffmpeg shifts packets by the start time rounded to the stream's own ticks.
    startTicks = Math.rint(startSeconds / secondsPerPts) * ticksPerPts;
  }

  @Override
  public void frame(InspectedFrame frame) {
    if (!begun) {
      begun = true;
      header(frame);
    }
    long at = next;
    if (frame.pts() != EncodedUnit.NO_TIME) {
      double wanted = frame.pts() * ticksPerPts - startTicks;
      double drift = wanted - next;
      if (drift + 1 <= -0.6) {
        return; // ffmpeg drops a frame that comes too late by more than one frame
      }
      if (drift + 1 > 0.6 && drift > 0) {
        at = (long) Math.rint(wanted);
      }
    }
    next = at + 1;
    out.printf(
        Locale.ROOT, "0, %10d, %10d, %8d, %8d, %s\n", at, at, 1, frame.packedBytes(), frame.md5());
  }

  @Override
  public void end(InspectSummary summary) {
    out.flush();
  }

  private void header(InspectedFrame frame) {
    out.print("#format: frame checksums\n#version: 2\n#hash: MD5\n#software: flink-video\n");
    out.printf("#tb 0: %d/%d\n", rate.denominator(), rate.numerator());
    out.print("#media_type 0: video\n#codec_id 0: rawvideo\n");
    out.printf(
        "#dimensions 0: %dx%d\n",
        frame.decoded().frame().widthPx(), frame.decoded().frame().heightPx());
    out.printf("#sar 0: %d/%d\n", sampleAspect.numerator(), sampleAspect.denominator());
    out.print("#stream#, dts,        pts, duration,     size, hash\n");
  }
}
