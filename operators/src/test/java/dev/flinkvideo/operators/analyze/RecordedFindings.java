package dev.flinkvideo.operators.analyze;

import java.util.ArrayList;
import java.util.List;

/** Findings and alarm listener that write down what they hear, in seconds. */
final class RecordedFindings implements Findings, AlarmListener {
  private static final double NS_PER_S = 1e9;

  final List<String> heard = new ArrayList<>();
  private long timeNs;

  /** Sets the time of the picture. */
  RecordedFindings at(double timeS) {
    timeNs = ns(timeS);
    return this;
  }

  static long ns(double timeS) {
    return Math.round(timeS * NS_PER_S);
  }

  @Override
  public long timeNs() {
    return timeNs;
  }

  @Override
  public void raise(String alarm, long sinceNs, double value) {
    raised(alarm, sinceNs, timeNs, value);
  }

  @Override
  public void clear(String alarm, long sinceNs, double value) {
    cleared(alarm, sinceNs, timeNs, value);
  }

  @Override
  public void measure(String name, double value) {
    heard.add(name + "=" + value);
  }

  @Override
  public void raised(String alarm, long sinceNs, long timeNs, double value) {
    heard.add("%s raised at %s since %s".formatted(alarm, timeNs / NS_PER_S, sinceNs / NS_PER_S));
  }

  @Override
  public void cleared(String alarm, long sinceNs, long timeNs, double value) {
    heard.add("%s cleared at %s since %s".formatted(alarm, timeNs / NS_PER_S, sinceNs / NS_PER_S));
  }
}
