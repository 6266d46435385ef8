package dev.flinkvideo.operators.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.Observation;
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

  /** The rejected record as it was found, its content type kept. */
  public static KafkaRecordSerializationSchema<RejectedRecord> rejected(String topic) {
    return (rejected, context, timestamp) -> {
      SegmentRecord found = rejected.record();
      byte[] key = found.session().isEmpty() ? null : found.session().getBytes(UTF_8);
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, found.value());
      if (!found.contentType().isEmpty()) {
        record
            .headers()
            .add(
                SegmentRecordDeserializer.CONTENT_TYPE_HEADER, found.contentType().getBytes(UTF_8));
      }
      record
          .headers()
          .add(REASON_HEADER, rejected.reason().label().getBytes(UTF_8))
          .add(MESSAGE_HEADER, rejected.message().getBytes(UTF_8))
          .add(ORIGIN_HEADER, (found.partition() + ":" + found.offset()).getBytes(UTF_8));
      return record;
    };
  }
}
