package dev.flinkvideo.operators.admission;

import dev.flinkvideo.operators.kafka.ImmutableSerializer;
import dev.flinkvideo.operators.kafka.RecordType;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * For jobs that do not chain the decoder to admission; in ours it is never called. Never in state.
 */
public final class AdmittedSerializer extends ImmutableSerializer<Admitted> {
  public static final AdmittedSerializer INSTANCE = new AdmittedSerializer();
  public static final TypeInformation<Admitted> TYPE = new RecordType<>(Admitted.class, INSTANCE);

  private static final long serialVersionUID = 1L;
  private static final int MEDIA = 1;
  private static final int CONTAINER = 2;
  private static final int IDLE = 3;
  private static final int FORGOTTEN = 4;
  private static final int NOTED = 5;

  @Override
  public void serialize(Admitted admitted, DataOutputView target) throws IOException {
    if (admitted instanceof Admitted.Media media) {
      target.writeByte(MEDIA);
      target.writeBoolean(media.restart());
      target.writeInt(media.shown().size());
      for (Shown shown : media.shown()) {
        target.writeLong(shown.pts());
        target.writeInt(shown.timeBaseNumerator());
        target.writeInt(shown.timeBaseDenominator());
      }
      target.writeLong(media.appendUs());
      target.writeLong(media.fetchUs());
      writeBytes(Segments.write(media.segment()), target);
    } else if (admitted instanceof Admitted.Container container) {
      target.writeByte(CONTAINER);
      writeText(container.session(), target);
      writeText(container.contentType(), target);
      target.writeLong(container.sequence());
      target.writeLong(container.appendUs());
      target.writeLong(container.fetchUs());
      writeBytes(container.value(), target);
    } else if (admitted instanceof Admitted.Noted noted) {
      target.writeByte(NOTED);
      writeBytes(JsonRecords.write(noted.event()), target);
    } else {
      target.writeByte(admitted instanceof Admitted.Idle ? IDLE : FORGOTTEN);
      writeText(admitted.session(), target);
    }
  }

  @Override
  public Admitted deserialize(DataInputView source) throws IOException {
    int kind = source.readByte();
    try {
      return switch (kind) {
        case MEDIA -> {
          boolean restart = source.readBoolean();
          List<Shown> shown = readShown(source);
          long appendUs = source.readLong();
          long fetchUs = source.readLong();
          Segment segment = Segments.read(readBytes(source));
          yield new Admitted.Media(segment, restart, shown, appendUs, fetchUs);
        }
        case CONTAINER -> {
          String session = readText(source);
          String contentType = readText(source);
          long sequence = source.readLong();
          long appendUs = source.readLong();
          long fetchUs = source.readLong();
          yield new Admitted.Container(
              session, contentType, sequence, readBytes(source), appendUs, fetchUs);
        }
        case IDLE -> new Admitted.Idle(readText(source));
        case FORGOTTEN -> new Admitted.Forgotten(readText(source));
        case NOTED -> new Admitted.Noted(JsonRecords.readEvent(readBytes(source)));
        default -> throw new IOException("no such kind of record: " + kind);
      };
    } catch (RejectedRecordException e) {
      throw new IOException(e);
    }
  }

  private static List<Shown> readShown(DataInputView source) throws IOException {
    List<Shown> shown = new ArrayList<>();
    for (int left = source.readInt(); left > 0; left--) {
      shown.add(new Shown(source.readLong(), source.readInt(), source.readInt()));
    }
    return shown;
  }

  @Override
  public TypeSerializerSnapshot<Admitted> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Public with a public constructor: Flink makes it by name. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Admitted> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
