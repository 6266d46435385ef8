package dev.flinkvideo.operators.metrics;

import dev.flinkvideo.protocol.Timing;
import org.apache.flink.metrics.MetricGroup;

/**
 * How long pictures spend in each stage, as one histogram per stage (microseconds). Stamped, not
 * guessed: every value is the difference of two stamps of one picture. Task thread only.
 */
public final class StageLatency {
  /** Group of the histograms below. */
  public static final String GROUP = "latencyUs";

  /** Last byte at the gateway until appended to the log. */
  public static final String ARRIVAL_TO_APPEND = "arrivalToAppend";

  /** Appended until the job's source had it. */
  public static final String APPEND_TO_FETCH = "appendToFetch";

  /** In the source, the shuffle and the queue of the decoder. */
  public static final String FETCH_TO_DECODE = "fetchToDecode";

  /** Given to the decoder until the picture came out; includes the reordering delay of B-frames. */
  public static final String DECODE = "decode";

  /** Judged and handed to the sink. */
  public static final String JUDGE = "judge";

  /** From arrival (from the log for producers that do not stamp it) until handed to the sink. */
  public static final String TOTAL = "total";

  private final LatencyHistogram arrivalToAppend;
  private final LatencyHistogram appendToFetch;
  private final LatencyHistogram fetchToDecode;
  private final LatencyHistogram decode;
  private final LatencyHistogram judge;
  private final LatencyHistogram total;

  public StageLatency(MetricGroup parent) {
    MetricGroup group = parent.addGroup(GROUP);
    arrivalToAppend = group.histogram(ARRIVAL_TO_APPEND, new LatencyHistogram());
    appendToFetch = group.histogram(APPEND_TO_FETCH, new LatencyHistogram());
    fetchToDecode = group.histogram(FETCH_TO_DECODE, new LatencyHistogram());
    decode = group.histogram(DECODE, new LatencyHistogram());
    judge = group.histogram(JUDGE, new LatencyHistogram());
    total = group.histogram(TOTAL, new LatencyHistogram());
  }

  public void record(Timing timing) {
    if (timing.arrivalUs() != null) {
      arrivalToAppend.update(timing.appendUs() - timing.arrivalUs());
    }
    appendToFetch.update(timing.fetchUs() - timing.appendUs());
    fetchToDecode.update(timing.decodeStartUs() - timing.fetchUs());
    decode.update(timing.decodeEndUs() - timing.decodeStartUs());
    judge.update(timing.emittedUs() - timing.decodeEndUs());
    long startUs = timing.arrivalUs() != null ? timing.arrivalUs() : timing.appendUs();
    total.update(timing.emittedUs() - startUs);
  }
}
