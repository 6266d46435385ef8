package dev.flinkvideo.operators.kafka;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** One bulk write of the payload; for the shuffle only, never in state. */
public final class SegmentRecordSerializer extends ImmutableSerializer<SegmentRecord> {
  public static final SegmentRecordSerializer INSTANCE = new SegmentRecordSerializer();
  public static final TypeInformation<SegmentRecord> TYPE =
      new RecordType<>(SegmentRecord.class, INSTANCE);

  private static final long serialVersionUID = 1L;

  @Override
  public void serialize(SegmentRecord record, DataOutputView target) throws IOException {
    writeText(record.session(), target);
    writeText(record.contentType(), target);
    target.writeInt(record.partition());
    target.writeLong(record.offset());
    target.writeLong(record.appendUs());
    target.writeLong(record.fetchUs());
    writeBytes(record.value(), target);
  }

  @Override
  public SegmentRecord deserialize(DataInputView source) throws IOException {
    return new SegmentRecord(
        readText(source),
        readText(source),
        source.readInt(),
        source.readLong(),
        source.readLong(),
        source.readLong(),
        readBytes(source));
  }

  @Override
  public TypeSerializerSnapshot<SegmentRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Public with a public constructor: Flink makes it by name. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<SegmentRecord> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
