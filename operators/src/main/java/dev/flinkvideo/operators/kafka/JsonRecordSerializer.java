package dev.flinkvideo.operators.kafka;

import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionStatus;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Observations, events, commands and statuses between Flink operators, in the JSON they have on the
 * topics: one format, one version, one place to change. In our own job they cross no shuffle; in a
 * job of yours they may.
 */
public abstract class JsonRecordSerializer<T> extends ImmutableSerializer<T> {
  private static final long serialVersionUID = 1L;

  /** For {@link Observation}. */
  public static final TypeInformation<Observation> OBSERVATIONS =
      new RecordType<>(Observation.class, Observations.INSTANCE);

  /** For {@link Event}. */
  public static final TypeInformation<Event> EVENTS =
      new RecordType<>(Event.class, Events.INSTANCE);

  /** For {@link SessionCommand}. */
  public static final TypeInformation<SessionCommand> COMMANDS =
      new RecordType<>(SessionCommand.class, Commands.INSTANCE);

  /** For {@link SessionStatus}. */
  public static final TypeInformation<SessionStatus> STATUSES =
      new RecordType<>(SessionStatus.class, Statuses.INSTANCE);

  abstract byte[] write(T value);

  abstract T read(byte[] json) throws RejectedRecordException;

  @Override
  public void serialize(T value, DataOutputView target) throws IOException {
    writeBytes(write(value), target);
  }

  @Override
  public T deserialize(DataInputView source) throws IOException {
    try {
      return read(readBytes(source));
    } catch (RejectedRecordException e) {
      throw new IOException(e);
    }
  }

  /** See {@link #OBSERVATIONS}. */
  public static final class Observations extends JsonRecordSerializer<Observation> {
    static final Observations INSTANCE = new Observations();
    private static final long serialVersionUID = 1L;

    @Override
    byte[] write(Observation value) {
      return JsonRecords.write(value);
    }

    @Override
    Observation read(byte[] json) throws RejectedRecordException {
      return JsonRecords.readObservation(json);
    }

    @Override
    public TypeSerializerSnapshot<Observation> snapshotConfiguration() {
      return new Snapshot();
    }

    /** Public with a public constructor: Flink makes it by name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Observation> {
      public Snapshot() {
        super(() -> INSTANCE);
      }
    }
  }

  /** See {@link #EVENTS}. */
  public static final class Events extends JsonRecordSerializer<Event> {
    static final Events INSTANCE = new Events();
    private static final long serialVersionUID = 1L;

    @Override
    byte[] write(Event value) {
      return JsonRecords.write(value);
    }

    @Override
    Event read(byte[] json) throws RejectedRecordException {
      return JsonRecords.readEvent(json);
    }

    @Override
    public TypeSerializerSnapshot<Event> snapshotConfiguration() {
      return new Snapshot();
    }

    /** Public with a public constructor: Flink makes it by name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Event> {
      public Snapshot() {
        super(() -> INSTANCE);
      }
    }
  }

  /** See {@link #COMMANDS}. */
  public static final class Commands extends JsonRecordSerializer<SessionCommand> {
    static final Commands INSTANCE = new Commands();
    private static final long serialVersionUID = 1L;

    @Override
    byte[] write(SessionCommand value) {
      return JsonRecords.write(value);
    }

    @Override
    SessionCommand read(byte[] json) throws RejectedRecordException {
      return JsonRecords.readCommand(json);
    }

    @Override
    public TypeSerializerSnapshot<SessionCommand> snapshotConfiguration() {
      return new Snapshot();
    }

    /** Public with a public constructor: Flink makes it by name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SessionCommand> {
      public Snapshot() {
        super(() -> INSTANCE);
      }
    }
  }

  /** See {@link #STATUSES}. */
  public static final class Statuses extends JsonRecordSerializer<SessionStatus> {
    static final Statuses INSTANCE = new Statuses();
    private static final long serialVersionUID = 1L;

    @Override
    byte[] write(SessionStatus value) {
      return JsonRecords.write(value);
    }

    @Override
    SessionStatus read(byte[] json) throws RejectedRecordException {
      return JsonRecords.readStatus(json);
    }

    @Override
    public TypeSerializerSnapshot<SessionStatus> snapshotConfiguration() {
      return new Snapshot();
    }

    /** Public with a public constructor: Flink makes it by name. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SessionStatus> {
      public Snapshot() {
        super(() -> INSTANCE);
      }
    }
  }
}
