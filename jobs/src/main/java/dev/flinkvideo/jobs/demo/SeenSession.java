package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.FrameObservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What came back about one session. Written and read under the lock of {@link Seen}. */
final class SeenSession {
  /** One raising of an alarm; {@code clearedAtNs} is null while it lasts. */
  record Alarm(String kind, long raisedAtNs, long sinceNs, Long clearedAtNs) {}

  /** Long enough that segments of several pictures do not show as a changing rate. */
  private static final long INTERVAL_NS = 3_000_000_000L;

  private final List<Alarm> alarms = new ArrayList<>();
  private final Map<String, Long> drops = new TreeMap<>();
  private final Histogram recentLatencyUs = new Histogram(3_600_000_000L, 2);
  private String state = "waiting";
  private long framesOut;
  private FrameObservation last;
  private long fpsSinceNs = System.nanoTime();
  private long fpsFrames;
  private double framesPerSecond;
  private double medianLatencyMs;

  void add(FrameObservation frame, long latencyUs) {
    framesOut++;
    fpsFrames++;
    last = frame;
    recentLatencyUs.recordValue(Math.max(0, latencyUs));
  }

  void add(Event event) {
    switch (event.kind()) {
      case ALARM_RAISED ->
          alarms.add(new Alarm(event.name(), event.timeNs(), event.sinceNs(), null));
      case ALARM_CLEARED -> clear(event.name(), event.timeNs());
      case DROPPED -> drops.merge(event.name(), event.count(), Long::sum);
      case STREAMING -> state = "streaming";
      case STALLED -> state = "stalled";
      case CONNECTION_CHANGED, DAMAGED, UNSUPPORTED, OVER_BUDGET, TIME_REBASED -> {}
    }
  }

  private void clear(String kind, long clearedAtNs) {
    alarms.replaceAll(
        alarm ->
            alarm.kind.equals(kind) && alarm.clearedAtNs == null
                ? new Alarm(kind, alarm.raisedAtNs, alarm.sinceNs, clearedAtNs)
                : alarm);
  }

  /** Pictures per second and latency are those of the last interval of this length. */
  void endIntervalIfDue() {
    long nowNs = System.nanoTime();
    if (nowNs - fpsSinceNs < INTERVAL_NS) {
      return;
    }
    medianLatencyMs =
        recentLatencyUs.getTotalCount() == 0
            ? 0
            : recentLatencyUs.getValueAtPercentile(50) / 1000.0;
    framesPerSecond = fpsFrames * 1e9 / Math.max(1, nowNs - fpsSinceNs);
    fpsSinceNs = nowNs;
    fpsFrames = 0;
    recentLatencyUs.reset();
  }

  String state() {
    return state;
  }

  long framesOut() {
    return framesOut;
  }

  double framesPerSecond() {
    return framesPerSecond;
  }

  /** Of the last interval, in milliseconds; 0 if nothing came. */
  double medianLatencyMs() {
    return medianLatencyMs;
  }

  /** The newest picture, or null. */
  FrameObservation last() {
    return last;
  }

  List<Alarm> alarms() {
    return List.copyOf(alarms);
  }

  /** Alarms that are raised now. */
  List<String> raised() {
    return alarms.stream().filter(alarm -> alarm.clearedAtNs == null).map(Alarm::kind).toList();
  }

  Map<String, Long> drops() {
    return Map.copyOf(drops);
  }
}
