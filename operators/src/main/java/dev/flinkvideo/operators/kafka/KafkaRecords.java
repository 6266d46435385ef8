package dev.flinkvideo.operators.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionStatus;
import java.util.Arrays;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What goes out, as Kafka records: keyed by session, so that a session's records keep their order.
 */
public final class KafkaRecords {
  /** Header on rejected records: the {@code RejectReason}'s label. */
  public static final String REASON_HEADER = "reason";

  /** Header on rejected records: what was wrong, for people. */
  public static final String MESSAGE_HEADER = "message";

  /** Header on rejected records: {@code partition:offset} of the original. */
  public static final String ORIGIN_HEADER = "origin";

  /** Header on rejected records whose value was cut: the bytes it had. */
  public static final String CUT_FROM_HEADER = "cut-from-bytes";

  /** Kafka's default limit is 1 MiB for the value, key and headers of a record. */
  private static final int MAX_REJECTED_BYTES = 1_000_000;

  /** The state of a session that is to be forgotten. */
  private static final String CLOSED = "closed";

  private static final int MAX_REJECTED_TEXT_BYTES = 8_192;

  private KafkaRecords() {}

  public static KafkaRecordSerializationSchema<Observation> observations(String topic) {
    return (observation, context, timestamp) ->
        new ProducerRecord<>(
            topic, observation.session().getBytes(UTF_8), JsonRecords.write(observation));
  }

  public static KafkaRecordSerializationSchema<Event> events(String topic) {
    return (event, context, timestamp) ->
        new ProducerRecord<>(topic, event.session().getBytes(UTF_8), JsonRecords.write(event));
  }

  /** A session that wants nothing has a tombstone, so that compaction forgets it. */
  public static KafkaRecordSerializationSchema<SessionCommand> commands(String topic) {
    return (command, context, timestamp) ->
        new ProducerRecord<>(
            topic,
            command.session().getBytes(UTF_8),
            command.isEmpty() ? null : JsonRecords.write(command));
  }

  /** A session that is closed has a tombstone, so that compaction forgets it. */
  public static KafkaRecordSerializationSchema<SessionStatus> statuses(String topic) {
    return (status, context, timestamp) ->
        new ProducerRecord<>(
            topic,
            status.session().getBytes(UTF_8),
            status.state().equals(CLOSED) ? null : JsonRecords.write(status));
  }

  /**
   * The rejected record as it was found, its content type kept. With the headers added it may be
   * larger than Kafka takes, and a sink that cannot write fails the job for ever: what is too long
   * is cut, and a header says so.
   */
  public static KafkaRecordSerializationSchema<RejectedRecord> rejected(String topic) {
    return (rejected, context, timestamp) -> {
      SegmentRecord found = rejected.record();
      byte[] key = found.session().isEmpty() ? null : cutText(found.session());
      byte[] value = cut(found.value(), MAX_REJECTED_BYTES);
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
      if (!found.contentType().isEmpty()) {
        record
            .headers()
            .add(SegmentRecordDeserializer.CONTENT_TYPE_HEADER, cutText(found.contentType()));
      }
      if (value.length < found.value().length) {
        record
            .headers()
            .add(CUT_FROM_HEADER, Integer.toString(found.value().length).getBytes(UTF_8));
      }
      record
          .headers()
          .add(REASON_HEADER, rejected.reason().label().getBytes(UTF_8))
          .add(MESSAGE_HEADER, cutText(rejected.message()))
          .add(ORIGIN_HEADER, (found.partition() + ":" + found.offset()).getBytes(UTF_8));
      return record;
    };
  }

  private static byte[] cutText(String text) {
    return cut(text.getBytes(UTF_8), MAX_REJECTED_TEXT_BYTES);
  }

  private static byte[] cut(byte[] bytes, int maxBytes) {
    return bytes.length <= maxBytes ? bytes : Arrays.copyOf(bytes, maxBytes);
  }
}
