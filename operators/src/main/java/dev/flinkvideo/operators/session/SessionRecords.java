package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.kafka.SegmentRecord;
import java.util.Locale;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The topics that sessions hear of, as one type. */
public final class SessionRecords {
  private SessionRecords() {}

  /** Marks each record with the topic that it is of. */
  public static DataStream<SessionRecord> of(
      DataStream<SegmentRecord> records, SessionRecord.Kind kind) {
    String name = "session-" + kind.name().toLowerCase(Locale.ROOT);
    return records
        .map(record -> new SessionRecord(kind, record), SessionRecordSerializer.TYPE)
        .name(name)
        .uid(name);
  }

  /** Of the events, those that a session hears. */
  public static DataStream<SegmentRecord> alarms(DataStream<SegmentRecord> events) {
    return events.filter(new AlarmFilter()).name("alarms").uid("alarms");
  }
}
