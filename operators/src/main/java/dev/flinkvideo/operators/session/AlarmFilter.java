package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import org.apache.flink.api.common.functions.FilterFunction;

/**
 * Lets alarms through, which move a session, and how it is decoded, which its status shows: the
 * others on {@code video.events}, this job's own changes among them, need not cross the shuffle.
 */
final class AlarmFilter implements FilterFunction<SegmentRecord> {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean filter(SegmentRecord record) {
    try {
      Event event = JsonRecords.readEvent(record.value());
      return event.kind() == EventKind.ALARM_RAISED
          || event.kind() == EventKind.ALARM_CLEARED
          || event.kind() == EventKind.DECODED;
    } catch (RejectedRecordException e) {
      return false; // the topic is the job's own: what others write there is theirs to read
    }
  }
}
