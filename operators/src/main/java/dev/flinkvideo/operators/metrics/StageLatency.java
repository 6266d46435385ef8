package dev.flinkvideo.operators.metrics;

import dev.flinkvideo.operators.metrics.Described.Type;
import dev.flinkvideo.protocol.Timing;
import org.apache.flink.metrics.MetricGroup;

/**
 * How long pictures spend in each stage, in microseconds. Stamped, not guessed: every value is the
 * difference of two stamps of one picture. Task thread only.
 */
public final class StageLatency {
  /** Group of the buckets below. */
  public static final String GROUP = "latencyUs";

  @Described(
      value =
          "last byte at the producer until appended to the log; includes filling a segment, up to 100 ms",
      type = Type.BUCKETS,
      unit = "us")
  public static final String ARRIVAL_TO_APPEND = "arrivalToAppend";

  @Described(
      value = "until the job's source had it",
      type = Type.BUCKETS,
      unit = "us",
      worry = "it grows: the job lags")
  public static final String APPEND_TO_FETCH = "appendToFetch";

  @Described(
      value = "in the source, the shuffle and the queue of the decoder",
      type = Type.BUCKETS,
      unit = "us",
      worry = "it grows: the subtask is busy")
  public static final String FETCH_TO_DECODE = "fetchToDecode";

  @Described(
      value = "until the picture came out; includes reordering of B-frames",
      type = Type.BUCKETS,
      unit = "us")
  public static final String DECODE = "decode";

  @Described(value = "judged and handed to the sink", type = Type.BUCKETS, unit = "us")
  public static final String JUDGE = "judge";

  @Described(
      value =
          "from arrival (from the log for producers that do not stamp it) until handed to the sink",
      type = Type.BUCKETS,
      unit = "us",
      worry = "its 99th percentile is above what you promise")
  public static final String TOTAL = "total";

  private final CumulativeBuckets arrivalToAppend;
  private final CumulativeBuckets appendToFetch;
  private final CumulativeBuckets fetchToDecode;
  private final CumulativeBuckets decode;
  private final CumulativeBuckets judge;
  private final CumulativeBuckets total;

  public StageLatency(MetricGroup parent) {
    MetricGroup group = parent.addGroup(GROUP);
    arrivalToAppend = stage(group, ARRIVAL_TO_APPEND);
    appendToFetch = stage(group, APPEND_TO_FETCH);
    fetchToDecode = stage(group, FETCH_TO_DECODE);
    decode = stage(group, DECODE);
    judge = stage(group, JUDGE);
    total = stage(group, TOTAL);
  }

  private static CumulativeBuckets stage(MetricGroup group, String name) {
    CumulativeBuckets stage = new CumulativeBuckets();
    stage.register(group, name);
    return stage;
  }

  public void record(Timing timing) {
    if (timing.arrivalUs() != null) {
      arrivalToAppend.add(timing.appendUs() - timing.arrivalUs());
    }
    appendToFetch.add(timing.fetchUs() - timing.appendUs());
    fetchToDecode.add(timing.decodeStartUs() - timing.fetchUs());
    decode.add(timing.decodeEndUs() - timing.decodeStartUs());
    judge.add(timing.emittedUs() - timing.decodeEndUs());
    total.add(timing.totalUs());
  }
}
