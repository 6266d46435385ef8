package dev.flinkvideo.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.operators.kafka.KafkaRecords;
import dev.flinkvideo.operators.kafka.SegmentRecordDeserializer;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** One readable line of JSON for any record of a topic. Used by one thread. */
final class RecordLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFormat.Printer PROTOBUF =
      JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();

  private final boolean segments;
  private final boolean rejected;

  RecordLines(String topic) {
    this.segments = topic.endsWith(Topics.SEGMENTS);
    this.rejected = topic.endsWith(Topics.REJECTED);
  }

  String line(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? new byte[0] : record.value();
    ObjectNode line = MAPPER.createObjectNode();
    if (rejected) {
      return line.put("key", text(record.key()))
          .put("reason", header(record, KafkaRecords.REASON_HEADER))
          .put("message", header(record, KafkaRecords.MESSAGE_HEADER))
          .put("bytes", value.length)
          .toString();
    }
    if (!segments) {
      return json(record, value);
    }
    String contentType = header(record, SegmentRecordDeserializer.CONTENT_TYPE_HEADER);
    if (contentType == null || contentType.equals(Segments.CONTENT_TYPE)) {
      return segment(record, value);
    }
    return line.put("session", text(record.key()))
        .put("contentType", contentType)
        .put("bytes", value.length)
        .toString();
  }

  /** The value, which may have been written over several lines; null for a tombstone. */
  private static String json(ConsumerRecord<byte[], byte[]> record, byte[] value) {
    if (record.value() == null) {
      return MAPPER
          .createObjectNode()
          .put("session", text(record.key()))
          .put("deleted", true)
          .toString();
    }
    try {
      JsonNode tree = MAPPER.readTree(value);
      return tree.isMissingNode() ? unreadable(record, value, "empty") : tree.toString();
    } catch (IOException e) {
      return unreadable(record, value, "not JSON");
    }
  }

  private static String segment(ConsumerRecord<byte[], byte[]> record, byte[] value) {
    try {
      Segment segment = Segments.read(value);
      String proto = PROTOBUF.print(segment.toBuilder().clearPayload());
      ObjectNode line = (ObjectNode) MAPPER.readTree(proto);
      line.remove("payload");
      numbers(line, Segment.getDescriptor());
      return line.put("payloadBytes", segment.getPayload().size()).toString();
    } catch (RejectedRecordException e) {
      return unreadable(record, value, e.getMessage());
    } catch (InvalidProtocolBufferException | JsonProcessingException e) {
      throw new IllegalStateException("a segment always has a JSON form", e);
    }
  }

  /**
   * Protobuf's JSON has 64-bit numbers as strings; our other records have them as numbers. A hash
   * stays a string: most readers of JSON would round it.
   */
  private static void numbers(JsonNode message, Descriptor type) {
    for (FieldDescriptor field : type.getFields()) {
      JsonNode value = message.path(field.getJsonName());
      if (field.getJavaType() == JavaType.MESSAGE) {
        value.forEach(part -> numbers(part, field.getMessageType()));
      }
      boolean wide = field.getType() == Type.UINT64 || field.getType() == Type.SINT64;
      if (wide && value.isTextual()) {
        ((ObjectNode) message).put(field.getJsonName(), value.asLong());
      }
    }
  }

  private static String unreadable(
      ConsumerRecord<byte[], byte[]> record, byte[] value, String why) {
    return MAPPER
        .createObjectNode()
        .put("key", text(record.key()))
        .put("unreadable", why)
        .put("bytes", value.length)
        .toString();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : text(header.value());
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }
}
