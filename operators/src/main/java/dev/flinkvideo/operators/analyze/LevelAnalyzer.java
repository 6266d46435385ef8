package dev.flinkvideo.operators.analyze;

import dev.flinkvideo.operators.frame.Frame;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * Raises an alarm when one measure has been beyond a limit for a duration. It is bad from {@code
 * limit} on and good again only past {@code clearLimit}, so that a measure that swings around the
 * limit with every key frame does not start anew. One instance per session; task thread only.
 */
final class LevelAnalyzer implements Analyzer {
  private final ToDoubleFunction<PictureMeasures> measure;
  private final double limit;
  private final double clearLimit;
  private final int sign;
  private final Alarm alarm;

  private LevelAnalyzer(
      String name,
      ToDoubleFunction<PictureMeasures> measure,
      double limit,
      double clearLimit,
      int sign,
      Duration duration) {
    if (sign * clearLimit > sign * limit) {
      throw new IllegalArgumentException(
          "analyze.%s: threshold=%s clear-threshold=%s: the second must be the laxer one"
              .formatted(name, limit, clearLimit));
    }
    this.measure = measure;
    this.limit = limit;
    this.clearLimit = clearLimit;
    this.sign = sign;
    this.alarm = new Alarm(name, duration);
  }

  /** Bad at {@code limit} and above, good again below {@code clearLimit}. */
  static LevelAnalyzer above(
      String name,
      ToDoubleFunction<PictureMeasures> measure,
      double limit,
      double clearLimit,
      Duration duration) {
    return new LevelAnalyzer(name, measure, limit, clearLimit, 1, duration);
  }

  /** Bad at {@code limit} and below, good again above {@code clearLimit}. */
  static LevelAnalyzer below(
      String name,
      ToDoubleFunction<PictureMeasures> measure,
      double limit,
      double clearLimit,
      Duration duration) {
    return new LevelAnalyzer(name, measure, limit, clearLimit, -1, duration);
  }

  @Override
  public void analyze(Frame frame, PictureMeasures measures, Findings findings) {
    double value = measure.applyAsDouble(measures);
    double bound = alarm.isBad() ? clearLimit : limit;
    if (sign * value >= sign * bound) {
      alarm.bad(findings.timeNs(), value, findings);
      return;
    }
    alarm.good(value, findings);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    alarm.write(out);
  }

  @Override
  public void read(DataInput in, PictureMeasures last) throws IOException {
    alarm.read(in);
  }
}
