package dev.flinkvideo.operators.metrics;

import dev.flinkvideo.operators.metrics.Described.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.apache.flink.metrics.MetricGroup;

/**
 * How long the collector stops this JVM, as its threads feel it: from the moment they are asked to
 * stop until they may go on, whichever the collector. From the flight recorder:
 *
 * <pre>
 *   SafepointBegin | reaching ---> |                                | SafepointEnd
 *                                  | GCPhasePause | GCPhasePause    |
 *                  |<------------------- one stop ---------------------------->|
 * </pre>
 *
 * A stop is the collector's if a pause of it lies within. Pauses alone leave out the reaching,
 * which with ZGC is most of it; Flink's own {@code GarbageCollector.All.Time} adds concurrent
 * cycles; G1's notifications miss Remark and Cleanup. One recording per class loader, shared by the
 * subtasks: {@link #acquire}, {@link #release}. Any thread.
 */
public final class GcPauses {
  @Described(
      value =
          "stops of the process for its collector, from asking the threads to stop until they go on",
      type = Type.BUCKETS,
      unit = "us",
      worry = "`maxUs` is near the latency you promise")
  public static final String GROUP = "gcPause";

  @Described(
      value = "stops of the process for whatever reason, those for the collector included",
      type = Type.BUCKETS,
      unit = "us",
      worry = "it grows and `gcPause` does not: see `-Xlog:safepoint` for what stops it")
  public static final String STOPS = "vmStop";

  private static GcPauses shared;
  private static int users;

  private final CumulativeBuckets pauses = new CumulativeBuckets();
  private final CumulativeBuckets stops = new CumulativeBuckets();
  private final RecordingStream recording = new RecordingStream();

  /** Of the stop that has begun; touched by the recording's thread only. */
  private long safepointId = -1;

  private Instant stopStart = Instant.MIN;
  private boolean collects;

  private GcPauses() {
    listen("jdk.SafepointBegin", this::begin);
    listen("jdk.GCPhasePause", event -> collects = true);
    listen("jdk.SafepointEnd", this::end);
    recording.setReuse(true);
    recording.setOrdered(true); // by when they ended: begin, pauses, end
    recording.setMaxAge(Duration.ofSeconds(10));
    recording.startAsync();
  }

  /**
   * Starting takes up to two seconds the first time: call it in {@code open}, before the first
   * record.
   */
  public static synchronized GcPauses acquire() {
    if (users++ == 0) {
      shared = new GcPauses();
    }
    return shared;
  }

  public static synchronized void release() {
    if (--users == 0) {
      shared.recording.close();
      shared = null;
    }
  }

  public void register(MetricGroup parent) {
    pauses.register(parent, GROUP);
    stops.register(parent, STOPS);
  }

  /** Stops for the collector since the first subtask started. */
  public CumulativeBuckets pauses() {
    return pauses;
  }

  /** Those for other reasons too. */
  public CumulativeBuckets stops() {
    return stops;
  }

  private void listen(String event, Consumer<RecordedEvent> listener) {
    recording.enable(event).withoutThreshold().withoutStackTrace();
    recording.onEvent(event, listener);
  }

  private void begin(RecordedEvent event) {
    safepointId = event.getLong("safepointId");
    stopStart = event.getStartTime();
    collects = false;
  }

  private void end(RecordedEvent event) {
    if (event.getLong("safepointId") != safepointId) {
      return; // began before the recording
    }
    long us = Duration.between(stopStart, event.getEndTime()).toNanos() / 1_000;
    stops.add(us);
    if (collects) {
      pauses.add(us);
    }
  }
}
