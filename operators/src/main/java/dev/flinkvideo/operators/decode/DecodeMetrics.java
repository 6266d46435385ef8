package dev.flinkvideo.operators.decode;

import dev.flinkvideo.operators.frame.FramePoolFigures;
import dev.flinkvideo.operators.metrics.GcPauses;
import dev.flinkvideo.operators.metrics.HeapPerFrame;
import dev.flinkvideo.operators.metrics.StageLatency;
import dev.flinkvideo.protocol.Timing;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** The decode operator's metrics. Updated by the task thread. */
public final class DecodeMetrics {
  /** Pictures decoded and judged. */
  public static final String FRAMES = "framesDecoded";

  /** Pictures of which the decoder had to conceal a part. */
  public static final String DAMAGED = "framesDamaged";

  /** Sessions this subtask knows. */
  public static final String SESSIONS = "sessions";

  /** Bytes of managed memory the frame pool may lease. */
  public static final String POOL_SIZE_BYTES = "framePoolSizeBytes";

  /** Bytes leased now, memory of codecs outside the pool included. */
  public static final String POOL_LEASED_BYTES = "framePoolLeasedBytes";

  /** Most bytes leased at once. */
  public static final String POOL_PEAK_BYTES = "framePoolPeakBytes";

  /** Frames lent and not given back: 0 between two records. */
  public static final String FRAMES_OUTSTANDING = "framesOutstanding";

  /** Heap bytes the task thread allocated per picture, records and sink included. */
  public static final String HEAP_BYTES_PER_FRAME = "heapBytesPerFrame";

  /** Encoded bytes that sessions keep to be recoverable. */
  public static final String PREFIX_BYTES = "prefixBytes";

  /** Times that a session became unrecoverable until its next key frame. */
  public static final String NOT_RECOVERABLE = "notRecoverable";

  /** Decoders closed to make room for others. */
  public static final String SUSPENDED = "decodersSuspended";

  /** How far the live sessions were behind the end of the log when last looked at, the worst. */
  public static final String LIVE_LAG_MS = "liveLagMs";

  /** Sessions of which not all pictures are decoded. */
  public static final String SESSIONS_LOWERED = "sessionsLowered";

  /** Leases and frames that should have come back: leaks. */
  public static final String LEASES_OVERDUE = "leasesOverdue";

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
