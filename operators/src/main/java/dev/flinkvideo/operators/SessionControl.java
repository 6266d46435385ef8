package dev.flinkvideo.operators;

import dev.flinkvideo.operators.kafka.JsonRecordSerializer;
import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.operators.session.SessionFunction;
import dev.flinkvideo.operators.session.SessionRecord;
import dev.flinkvideo.operators.session.SessionRecords;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionStatus;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The light path: from what is wanted, what became of it and what is seen, to what is to be done.
 *
 * <pre>
 *   specifications -+
 *   reports --------+-> keyBy session -> session -> events
 *   events (alarms)-+                       +-----> commands
 *                                           +-----> statuses
 *                                           +-----> rejected
 * </pre>
 *
 * @param events changes of sessions, sources quarantined, specifications rejected
 * @param commands what gateways are to do
 * @param statuses where sessions stand
 * @param rejected specifications and reports that could not be read
 */
public record SessionControl(
    DataStream<Event> events,
    DataStream<SessionCommand> commands,
    DataStream<SessionStatus> statuses,
    DataStream<RejectedRecord> rejected) {

  /**
   * @param options of {@code SessionOptions}
   */
  public static SessionControl of(
      DataStream<SegmentRecord> specifications,
      DataStream<SegmentRecord> reports,
      DataStream<SegmentRecord> events,
      Configuration options) {
    DataStream<SessionRecord> records =
        SessionRecords.of(specifications, SessionRecord.Kind.SPECIFICATION)
            .union(
                SessionRecords.of(reports, SessionRecord.Kind.REPORT),
                SessionRecords.of(SessionRecords.alarms(events), SessionRecord.Kind.EVENT));
    SingleOutputStreamOperator<Event> changes =
        records
            .keyBy(SessionRecord::session, Types.STRING)
            .process(new SessionFunction(options), JsonRecordSerializer.EVENTS)
            .name("session")
            .uid("session");
    return new SessionControl(
        changes,
        changes.getSideOutput(SessionFunction.COMMANDS),
        changes.getSideOutput(SessionFunction.STATUSES),
        changes.getSideOutput(SessionFunction.REJECTED));
  }
}
