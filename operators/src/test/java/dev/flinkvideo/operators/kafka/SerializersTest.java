package dev.flinkvideo.operators.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.admission.AdmittedSerializer;
import dev.flinkvideo.operators.admission.Shown;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.IntervalObservation;
import dev.flinkvideo.protocol.IntervalObservation.Range;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.RejectReason;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.Timing;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshotSerializationUtil;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that can cross a shuffle comes out as it went in. */
class SerializersTest {
  private static final Timing TIMING = new Timing(1L, 2, 3, 4, 5, 6);
  private static final Range RANGE = new Range(0.25, 0.5, 0.75);

  static Stream<Arguments> records() {
    return Stream.concat(inputs(), outputs());
  }

  private static Stream<Arguments> inputs() {
    Segment segment =
        Segment.newBuilder()
            .setVersion(Segments.VERSION)
            .setSession("größer")
            .setTimeBaseNumerator(1)
            .setTimeBaseDenominator(90_000)
            .addAccessUnits(AccessUnit.newBuilder().setSize(3))
            .setPayload(ByteString.copyFrom(new byte[] {1, 2, 3}))
            .build();
    SegmentRecord record = new SegmentRecord("größer", "video/mp4", 3, 4, 5, 6, new byte[] {7});
    SegmentRecord bare = new SegmentRecord("", "", 0, 0, 0, 0, new byte[0]);
    SegmentRecord longest = // longer than writeUTF takes
        new SegmentRecord("k".repeat(70_000), "t".repeat(70_000), 0, 0, 0, 0, new byte[1_000]);
    return Stream.of(
        Arguments.of(SegmentRecordSerializer.TYPE, record),
        Arguments.of(SegmentRecordSerializer.TYPE, bare),
        Arguments.of(SegmentRecordSerializer.TYPE, longest),
        Arguments.of(
            RejectedRecordSerializer.TYPE,
            new RejectedRecord(record, RejectReason.KEY_MISMATCH, "m".repeat(70_000))),
        Arguments.of(
            AdmittedSerializer.TYPE,
            new Admitted.Media(segment, true, List.of(new Shown(7, 1, 1000)), 8, 9)),
        Arguments.of(AdmittedSerializer.TYPE, new Admitted.Media(segment, false, List.of(), 8, 9)),
        Arguments.of(
            AdmittedSerializer.TYPE,
            new Admitted.Container("s", "video/mp2t", 17, new byte[] {1, 2}, 8, 9)),
        Arguments.of(AdmittedSerializer.TYPE, new Admitted.Idle("s")),
        Arguments.of(AdmittedSerializer.TYPE, new Admitted.Forgotten("s")),
        Arguments.of(AdmittedSerializer.TYPE, new Admitted.Noted(event())));
  }

  private static Stream<Arguments> outputs() {
    return Stream.of(
        Arguments.of(JsonRecordSerializer.EVENTS, event()),
        Arguments.of(JsonRecordSerializer.EVENTS, Event.builder("s", EventKind.STREAMING).build(0)),
        Arguments.of(JsonRecordSerializer.OBSERVATIONS, frame(5L, "0123", Map.of("mine", 0.5))),
        Arguments.of(JsonRecordSerializer.OBSERVATIONS, frame(null, null, null)),
        Arguments.of(JsonRecordSerializer.OBSERVATIONS, interval()));
  }

  @ParameterizedTest
  @MethodSource("records")
  <T> void shouldGiveBackWhatItWasGiven(TypeInformation<T> type, T record) throws Exception {
    TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
    DataOutputSerializer written = new DataOutputSerializer(16);
    serializer.serialize(record, written);
    serializer.serialize(record, written); // the first must end where it ends
    DataOutputSerializer copied = new DataOutputSerializer(16);
    DataInputDeserializer source = new DataInputDeserializer(written.getCopyOfBuffer());
    serializer.copy(source, copied);
    serializer.copy(source, copied);

    DataInputDeserializer in = new DataInputDeserializer(copied.getCopyOfBuffer());
    T first = serializer.deserialize(in);
    T second = serializer.deserialize(first, in);

    for (T read : List.of(first, second)) {
      assertThat(read)
          .usingRecursiveComparison() // arrays by what is in them
          .withEqualsForType(Segment::equals, Segment.class)
          .isEqualTo(record);
    }
    assertThat(in.available()).isZero();
    assertThat(serializer.copy(record)).isSameAs(record);
    assertThat(record).isInstanceOf(type.getTypeClass());
  }

  @ParameterizedTest
  @MethodSource("records")
  <T> void shouldBeFoundAgainByASavepoint(TypeInformation<T> type, T record) throws Exception {
    TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
    DataOutputSerializer out = new DataOutputSerializer(16);
    TypeSerializerSnapshotSerializationUtil.writeSerializerSnapshot(
        out, serializer.snapshotConfiguration());

    TypeSerializerSnapshot<T> read =
        TypeSerializerSnapshotSerializationUtil.readSerializerSnapshot(
            new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());

    assertThat(read.restoreSerializer()).isEqualTo(serializer);
    assertThat(
            serializer.snapshotConfiguration().resolveSchemaCompatibility(read).isCompatibleAsIs())
        .isTrue();
  }

  private static Event event() {
    return Event.builder("s", EventKind.ALARM_RAISED)
        .name("black")
        .at("truck", 1, 2, 3)
        .timeNs(4)
        .sinceNs(5)
        .value(0.99)
        .count(6)
        .message("since=4")
        .build(7);
  }

  private static FrameObservation frame(Long pts, String md5, Map<String, Double> extra) {
    return new FrameObservation(
        Observation.VERSION,
        "s",
        "truck",
        1,
        2,
        3,
        4,
        pts,
        6,
        true,
        false,
        Fidelity.ALL,
        640,
        360,
        "yuv420p",
        0.125,
        0.25,
        0.375,
        0.5,
        0.625,
        0.75,
        1.5,
        12.5,
        md5,
        extra,
        TIMING);
  }

  private static IntervalObservation interval() {
    return new IntervalObservation(
        Observation.VERSION,
        "s",
        "truck",
        1,
        2,
        3,
        4,
        5,
        1_000_000_000,
        25,
        1,
        0,
        Fidelity.KEY,
        640,
        360,
        "yuv420p",
        RANGE,
        RANGE,
        RANGE,
        RANGE,
        RANGE,
        RANGE,
        RANGE,
        RANGE,
        TIMING);
  }
}
