package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.frame.FramePoolFigures;
import dev.flinkvideo.operators.metrics.Described;
import dev.flinkvideo.operators.metrics.Described.Type;
import dev.flinkvideo.operators.metrics.GcPauses;
import dev.flinkvideo.operators.metrics.HeapPerFrame;
import dev.flinkvideo.operators.metrics.StageLatency;
import dev.flinkvideo.protocol.Timing;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** The decode operator's metrics. Updated by the task thread. */
public final class DecodeMetrics {
  @Described(
      value = "decoded and judged",
      type = Type.COUNTER,
      unit = "pictures",
      worry = "it stands still while segments come")
  public static final String FRAMES = "framesDecoded";

  @Described(
      value = "pictures of which the decoder had to conceal a part",
      type = Type.COUNTER,
      unit = "pictures",
      worry = "it grows")
  public static final String DAMAGED = "framesDamaged";

  @Described(value = "that this subtask knows", type = Type.GAUGE, unit = "sessions")
  public static final String SESSIONS = "sessions";

  @Described(
      value = "of managed memory that the frame pool may lease: its budget",
      type = Type.GAUGE,
      unit = "bytes")
  public static final String POOL_SIZE_BYTES = "framePoolSizeBytes";

  @Described(
      value = "leased now, memory of codecs outside the pool included",
      type = Type.GAUGE,
      unit = "bytes",
      worry = "it stays near the budget")
  public static final String POOL_LEASED_BYTES = "framePoolLeasedBytes";

  @Described(value = "most leased at once", type = Type.GAUGE, unit = "bytes")
  public static final String POOL_PEAK_BYTES = "framePoolPeakBytes";

  @Described(
      value = "lent and not given back: 0 between two records",
      type = Type.GAUGE,
      unit = "frames",
      worry = "it stays above 0")
  public static final String FRAMES_OUTSTANDING = "framesOutstanding";

  @Described(
      value =
          "heap that the task thread allocates per picture, records and sinks included, over the last 1024 pictures or more",
      type = Type.GAUGE,
      unit = "bytes",
      worry = "it is near the size of a picture")
  public static final String HEAP_BYTES_PER_FRAME = "heapBytesPerFrame";

  @Described(
      value = "encoded video that sessions keep on the heap to be recoverable",
      type = Type.GAUGE,
      unit = "bytes",
      worry = "it is near `decode.prefix.max-total-size`")
  public static final String PREFIX_BYTES = "prefixBytes";

  @Described(
      value = "that a session became unrecoverable until its next key frame",
      type = Type.COUNTER,
      unit = "times",
      worry = "it grows: see [recovery.md](recovery.md)")
  public static final String NOT_RECOVERABLE = "notRecoverable";

  @Described(
      value = "closed to make room for others",
      type = Type.COUNTER,
      unit = "decoders",
      worry = "it grows all the time: raise managed memory")
  public static final String SUSPENDED = "decodersSuspended";

  @Described(
      value = "how far live sessions were behind the end of the log when last looked at, the worst",
      type = Type.GAUGE,
      unit = "ms",
      worry = "it is above `fidelity.lower-lag`")
  public static final String LIVE_LAG_MS = "liveLagMs";

  @Described(
      value = "of which not all pictures are decoded",
      type = Type.GAUGE,
      unit = "sessions",
      worry = "it is above 0: more slots, or fewer sessions")
  public static final String SESSIONS_LOWERED = "sessionsLowered";

  @Described(
      value = "leases and frames that should have come back",
      type = Type.GAUGE,
      unit = "leases",
      worry = "it is above 0: a bug, please report it")
  public static final String LEASES_OVERDUE = "leasesOverdue";

  @Described(
      value = "alarms raised on pictures",
      type = Type.COUNTER,
      unit = "alarms",
      labels = "alarm",
      worry = "`black` or `frozen` grows: look at that feed")
  public static final String ALARMS_RAISED = "alarmsRaised";

  private final Map<String, Counter> alarmsRaised = new HashMap<>();
  private final MetricGroup group;
  private final Counter frames;
  private final Counter damaged;
  private final Counter notRecoverable;
  private final Counter suspended;
  private final StageLatency latency;
  private final HeapPerFrame heap = new HeapPerFrame();
  private volatile long liveLagMs;
  private volatile int sessionsLowered;

  DecodeMetrics(
      MetricGroup group,
      FramePoolFigures pool,
      PrefixBudget prefixes,
      GcPauses pauses,
      IntSupplier sessions) {
    this.group = group;
    frames = group.counter(FRAMES);
    damaged = group.counter(DAMAGED);
    notRecoverable = group.counter(NOT_RECOVERABLE);
    suspended = group.counter(SUSPENDED);
    latency = new StageLatency(group);
    group.gauge(PREFIX_BYTES, (Gauge<Long>) prefixes::usedBytes);
    group.gauge(SESSIONS, (Gauge<Integer>) sessions::getAsInt);
    group.gauge(POOL_SIZE_BYTES, (Gauge<Long>) pool::sizeBytes);
    group.gauge(POOL_LEASED_BYTES, (Gauge<Long>) pool::leasedBytes);
    group.gauge(POOL_PEAK_BYTES, (Gauge<Long>) pool::peakBytes);
    group.gauge(LIVE_LAG_MS, (Gauge<Long>) () -> liveLagMs);
    group.gauge(SESSIONS_LOWERED, (Gauge<Integer>) () -> sessionsLowered);
    group.gauge(LEASES_OVERDUE, (Gauge<Integer>) pool::overdueCount);
    group.gauge(FRAMES_OUTSTANDING, (Gauge<Integer>) pool::framesOutstanding);
    group.gauge(HEAP_BYTES_PER_FRAME, (Gauge<Long>) heap::bytesPerFrame);
    pauses.register(group);
  }

  void notRecoverable() {
    notRecoverable.inc();
  }

  void suspended() {
    suspended.inc();
  }

  /** Counts alarms of these names from 0 on: an increase from nothing is none to Prometheus. */
  void expectAlarms(Iterable<String> names) {
    names.forEach(this::alarms);
  }

  /** Analyzers of others may raise alarms of further names. */
  void alarm(String name) {
    alarms(name).inc();
  }

  private Counter alarms(String name) {
    return alarmsRaised.computeIfAbsent(
        name, alarm -> group.addGroup("alarm", alarm).counter(ALARMS_RAISED));
  }

  void load(long worstLagMs, int lowered) {
    liveLagMs = worstLagMs;
    sessionsLowered = lowered;
  }

  void picture(Timing timing, boolean wasDamaged) {
    frames.inc();
    if (wasDamaged) {
      damaged.inc();
    }
    latency.record(timing);
    heap.frame();
  }
}
