package dev.flinkvideo.operators.admission;

import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** Admission by itself, with state on the heap. */
public final class AdmissionHarness implements AutoCloseable {
  private final KeyedOneInputStreamOperatorTestHarness<String, SegmentRecord, Admitted> harness;
  private int taken;
  private long checkpoint;

  /**
   * @param state to go on from, or null
   */
  public AdmissionHarness(Configuration options, OperatorSubtaskState state) throws Exception {
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new AdmissionFunction(options)),
            SegmentRecord::session,
            Types.STRING);
    harness.setup(AdmittedSerializer.INSTANCE);
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
  }

  /** What admission makes of a segment. */
  public List<Admitted> process(Segment segment) throws Exception {
    byte[] value = Segments.write(segment);
    harness.processElement(
        new StreamRecord<>(
            new SegmentRecord(
                segment.getSession(),
                Segments.CONTENT_TYPE,
                0,
                0,
                segment.getArrivalTimeUs(),
                0,
                value)));
    List<Admitted> all = harness.extractOutputValues();
    List<Admitted> added = List.copyOf(all.subList(taken, all.size()));
    taken = all.size();
    return added;
  }

  public OperatorSubtaskState checkpoint() throws Exception {
    return harness.snapshot(++checkpoint, checkpoint);
  }

  @Override
  public void close() {
    try {
      harness.close();
    } catch (Exception e) {
      throw new AssertionError("the operator does not close", e);
    }
  }
}
