package dev.flinkvideo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentBuilderTest {
  private static final int SPAN_MS = 100;
  private static final int TICKS_PER_FRAME = 3_600; // 40 ms at 90 kHz

  private final List<Segment> out = new ArrayList<>();
  private final SegmentBuilder builder = new SegmentBuilder(Samples.CONNECTION, SPAN_MS, out::add);

  @Test
  void shouldBeginANewSegmentAtEveryKeyFrame() {
    for (int frame = 0; frame < 60; frame++) {
      builder.add(unit(frame, frame % 7 == 0, 100), frame);
    }
    builder.flush();

    assertThat(out)
        .allSatisfy(
            segment ->
                assertThat(segment.getAccessUnitsList().stream().skip(1))
                    .noneMatch(unit -> unit.getKey()));
    assertThat(out.stream().filter(segment -> segment.getAccessUnits(0).getKey())).hasSize(9);
  }

  @Test
  void shouldCloseASegmentBeforeItPassesTheSpan() {
    for (int frame = 0; frame < 50; frame++) {
      builder.add(unit(frame, frame == 0, 100), frame);
    }
    builder.flush();

    assertThat(out).allSatisfy(segment -> assertThat(spanMs(segment)).isLessThan(SPAN_MS));
    assertThat(out).hasSize(17); // 0, 40 and 80 ms fit into 100 ms
  }

  @Test
  void shouldLoseNothingAndNumberSegmentsFromZero() throws Exception {
    List<EncodedUnit> in = new ArrayList<>();
    for (int frame = 0; frame < 40; frame++) {
      in.add(unit(frame, frame % 12 == 0, 1 + frame * 37));
      builder.add(in.get(frame), frame);
    }
    builder.flush();

    assertThat(contents(out))
        .isEqualTo(in.stream().map(u -> ByteString.copyFrom(u.data())).toList());
    for (int i = 0; i < out.size(); i++) {
      assertThat(out.get(i).getSequence()).isEqualTo(i);
      assertThat(Segments.read(Segments.write(out.get(i)))).isEqualTo(out.get(i));
    }
  }

  @Test
  void shouldDescribeTheConnectionInEverySegment() {
    builder.add(unit(0, true, 10), 1_000_000);
    builder.flush();

    Segment segment = out.get(0);
    assertThat(segment.getSession()).isEqualTo("lobby");
    assertThat(segment.getSource()).isEqualTo("lobby-srt");
    assertThat(segment.getEpoch()).isEqualTo(7);
    assertThat(segment.getOpenedAtMs()).isEqualTo(1_767_225_600_000L);
    assertThat(segment.getTransport()).isEqualTo(Transport.TRANSPORT_SRT);
    assertThat(segment.getCodecConfiguration().toByteArray())
        .isEqualTo(Samples.FORMAT.configuration());
    assertThat(segment.getArrivalTimeUs()).isEqualTo(1_000_000);
    assertThat(segment.getCaptureTimeNs()).isEqualTo(1_000_000_000);
  }

  @Test
  void shouldPutOneAccessUnitIntoASegmentWhereTheSourceGivesNoTime() {
    for (int frame = 0; frame < 5; frame++) {
      builder.add(
          new EncodedUnit(new byte[10], EncodedUnit.NO_TIME, EncodedUnit.NO_TIME, false, 0), 0);
    }
    builder.flush();

    assertThat(out).hasSize(5);
    assertThat(out).noneMatch(segment -> segment.getAccessUnits(0).hasPts());
  }

  @Test
  void shouldMarkOnlyTheFirstSegmentAfterADiscontinuity() {
    builder.add(unit(0, true, 10), 0);
    builder.discontinuity();
    builder.add(unit(1, true, 10), 0);
    builder.add(unit(2, true, 10), 0);
    builder.flush();

    assertThat(out).extracting(Segment::getDiscontinuity).containsExactly(false, true, false);
  }

  @Test
  void shouldSendNothingWhenNothingIsPending() {
    builder.flush();

    assertThat(out).isEmpty();
  }

  @Test
  void shouldStayBelowTheLimitOfKafkaWhateverIsAdded() {
    for (int frame = 0; frame < 40; frame++) {
      builder.add(unit(0, false, 1_000 + frame * 50_000), 0); // no time passes between them
    }
    builder.flush();

    assertThat(out)
        .allSatisfy(s -> assertThat(s.getSerializedSize()).isLessThanOrEqualTo(Segments.MAX_BYTES));
  }

  @Test
  void shouldStayBelowTheLimitWithLongNames() {
    String name = "ñ".repeat(2_000);
    Connection connection =
        new Connection(
            name, name, Long.MAX_VALUE, Long.MAX_VALUE, Transport.TRANSPORT_SRT, Samples.FORMAT);
    SegmentBuilder named = new SegmentBuilder(connection, SPAN_MS, out::add);
    for (int frame = 0; frame < 2_000; frame++) {
      named.add(new EncodedUnit(new byte[1_000], Long.MAX_VALUE, Long.MAX_VALUE, false, -1), 0);
    }
    named.flush();

    assertThat(out)
        .map(s -> s.toBuilder().setPublishTimeUs(Long.MAX_VALUE).build().getSerializedSize())
        .allSatisfy(bytes -> assertThat(bytes).isLessThanOrEqualTo(Segments.MAX_BYTES));
  }

  @Test
  void shouldNeverPutMoreAccessUnitsIntoASegmentThanAReaderTakes() throws Exception {
    for (int frame = 0; frame < 2_500; frame++) {
      builder.add(unit(0, false, 1), 0);
    }
    builder.flush();

    assertThat(out).hasSize(3);
    Segments.read(Segments.write(out.get(0)));
  }

  @Test
  void shouldRefuseAConfigurationThatLeavesNoRoom() {
    StreamFormat format = new StreamFormat("h264", new byte[Segments.MAX_BYTES], 1, 90_000);
    Connection connection = new Connection("lobby", "a", 1, 1, Transport.TRANSPORT_FILE, format);

    assertThatThrownBy(() -> new SegmentBuilder(connection, SPAN_MS, out::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave no room");
  }

  private static EncodedUnit unit(int frame, boolean key, int bytes) {
    long ticks = (long) frame * TICKS_PER_FRAME;
    return new EncodedUnit(Samples.noise(bytes, frame), ticks, ticks, key, frame);
  }

  private static double spanMs(Segment segment) {
    int last = segment.getAccessUnitsCount() - 1;
    return (segment.getAccessUnits(last).getDts() - segment.getAccessUnits(0).getDts()) / 90.0;
  }

  private static List<ByteString> contents(List<Segment> segments) {
    List<ByteString> contents = new ArrayList<>();
    for (Segment segment : segments) {
      int at = 0;
      for (var unit : segment.getAccessUnitsList()) {
        contents.add(segment.getPayload().substring(at, at + unit.getSize()));
        at += unit.getSize();
      }
    }
    return contents;
  }
}
