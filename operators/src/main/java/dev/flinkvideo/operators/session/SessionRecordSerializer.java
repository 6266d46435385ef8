package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.kafka.ImmutableSerializer;
import dev.flinkvideo.operators.kafka.RecordType;
import dev.flinkvideo.operators.kafka.SegmentRecordSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** For the shuffle only, never in state. */
public final class SessionRecordSerializer extends ImmutableSerializer<SessionRecord> {
  public static final SessionRecordSerializer INSTANCE = new SessionRecordSerializer();
  public static final TypeInformation<SessionRecord> TYPE =
      new RecordType<>(SessionRecord.class, INSTANCE);

  private static final long serialVersionUID = 1L;

  @Override
  public void serialize(SessionRecord record, DataOutputView target) throws IOException {
    target.writeByte(record.kind().code());
    SegmentRecordSerializer.INSTANCE.serialize(record.record(), target);
  }

  @Override
  public SessionRecord deserialize(DataInputView source) throws IOException {
    return new SessionRecord(
        SessionRecord.Kind.ofCode(source.readByte()),
        SegmentRecordSerializer.INSTANCE.deserialize(source));
  }

  @Override
  public TypeSerializerSnapshot<SessionRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Public with a public constructor: Flink makes it by name. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<SessionRecord> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
