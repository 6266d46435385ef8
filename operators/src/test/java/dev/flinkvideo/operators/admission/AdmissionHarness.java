package dev.flinkvideo.operators.admission;

import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.operators.metrics.TaskMetrics;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** Admission by itself, with state on the heap. */
public final class AdmissionHarness implements AutoCloseable {
  private final KeyedOneInputStreamOperatorTestHarness<String, SegmentRecord, Admitted> harness;
  private final TaskMetrics metrics = new TaskMetrics();
  private final MockEnvironment environment;
  private int taken;
  private long checkpoint;

  /**
   * @param state to go on from, or null
   */
  public AdmissionHarness(Configuration options, OperatorSubtaskState state) throws Exception {
    environment = new MockEnvironmentBuilder().setMetricGroup(metrics.task()).build();
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new AdmissionFunction(options)),
            SegmentRecord::session,
            Types.STRING,
            environment);
    harness.setup(AdmittedSerializer.INSTANCE);
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
  }

  /** What admission makes of a segment. */
  public List<Admitted> process(Segment segment) throws Exception {
    return process(
        new SegmentRecord(
            segment.getSession(),
            Segments.CONTENT_TYPE,
            0,
            0,
            segment.getArrivalTimeUs(),
            0,
            Segments.write(segment)));
  }

  /** What admission makes of whatever lies on the topic. */
  public List<Admitted> process(SegmentRecord record) throws Exception {
    harness.processElement(new StreamRecord<>(record));
    return added();
  }

  private List<Admitted> added() {
    List<Admitted> all = harness.extractOutputValues();
    List<Admitted> added = List.copyOf(all.subList(taken, all.size()));
    taken = all.size();
    return added;
  }

  /** What admission makes of time that passes; timers fire when they are due. */
  public List<Admitted> passUntil(long timeMs) throws Exception {
    while (harness.getProcessingTime() < timeMs) {
      harness.setProcessingTime(Math.min(timeMs, harness.getProcessingTime() + 100));
    }
    return added();
  }

  /** What it could not read, so far. */
  public List<RejectedRecord> rejected() {
    Queue<StreamRecord<RejectedRecord>> rejected =
        harness.getSideOutput(AdmissionFunction.REJECTED);
    return rejected == null ? List.of() : rejected.stream().map(StreamRecord::getValue).toList();
  }

  /** A counter's value; the metrics are its own. */
  public long count(String counter, String reason) {
    return metrics.count(counter, reason);
  }

  public OperatorSubtaskState checkpoint() throws Exception {
    return harness.snapshot(++checkpoint, checkpoint);
  }

  @Override
  public void close() {
    try {
      harness.close();
      environment.close();
    } catch (Exception e) {
      throw new AssertionError("the operator does not close", e);
    }
  }
}
