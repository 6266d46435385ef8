package dev.flinkvideo.operators.kafka;

import dev.flinkvideo.protocol.RejectReason;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** For the way to the sink only, never in state. */
public final class RejectedRecordSerializer extends ImmutableSerializer<RejectedRecord> {
  public static final RejectedRecordSerializer INSTANCE = new RejectedRecordSerializer();
  public static final TypeInformation<RejectedRecord> TYPE =
      new RecordType<>(RejectedRecord.class, INSTANCE);

  private static final long serialVersionUID = 1L;

  @Override
  public void serialize(RejectedRecord rejected, DataOutputView target) throws IOException {
    SegmentRecordSerializer.INSTANCE.serialize(rejected.record(), target);
    writeText(rejected.reason().name(), target);
    writeText(rejected.message(), target);
  }

  @Override
  public RejectedRecord deserialize(DataInputView source) throws IOException {
    return new RejectedRecord(
        SegmentRecordSerializer.INSTANCE.deserialize(source),
        RejectReason.valueOf(readText(source)),
        readText(source));
  }

  @Override
  public TypeSerializerSnapshot<RejectedRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Public with a public constructor: Flink makes it by name. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<RejectedRecord> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
