package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.RejectedRecordException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.flink.api.common.functions.FilterFunction;

/**
 * Lets alarms through, which move a session, what asks its source for a key frame, and how it is
 * decoded, which its status shows: the others on {@code video.events}, this job's own changes among
 * them, need not cross the shuffle.
 */
final class AlarmFilter implements FilterFunction<SegmentRecord> {
  private static final long serialVersionUID = 1L;

  private static final Set<EventKind> HEARD =
      EnumSet.of(
          EventKind.ALARM_RAISED,
          EventKind.ALARM_CLEARED,
          EventKind.NOT_RECOVERABLE,
          EventKind.DECODED);

  @Override
  public boolean filter(SegmentRecord record) {
    try {
      return HEARD.contains(JsonRecords.readEvent(record.value()).kind());
    } catch (RejectedRecordException e) {
      return false; // the topic is the job's own: what others write there is theirs to read
    }
  }
}
