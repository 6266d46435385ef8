package dev.flinkvideo.operators.kafka;

import dev.flinkvideo.operators.metrics.Clock;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Takes every record as it is; reading and rejecting come after the shuffle. */
public final class SegmentRecordDeserializer
    implements KafkaRecordDeserializationSchema<SegmentRecord> {
  /** Header that says what a record's value is. */
  public static final String CONTENT_TYPE_HEADER = "content-type";

  private static final long serialVersionUID = 1L;
  private static final byte[] NOTHING = new byte[0];

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<SegmentRecord> out) {
    out.collect(
        new SegmentRecord(
            record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8),
            contentType(record),
            record.partition(),
            record.offset(),
            record.timestamp() * 1_000,
            Clock.SYSTEM.nowUs(),
            record.value() == null ? NOTHING : record.value()));
  }

  @Override
  public TypeInformation<SegmentRecord> getProducedType() {
    return SegmentRecordSerializer.TYPE;
  }

  private static String contentType(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(CONTENT_TYPE_HEADER);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
