package dev.flinkvideo.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentSinkTest {
  private static final StreamFormat MILLISECONDS = new StreamFormat("h264", new byte[0], 1, 1000);

  private final List<Segment> segments = new ArrayList<>();
  private final SegmentSink sink =
      new SegmentSink(
          new Connection("lobby", "cam", 1, 1, Transport.TRANSPORT_RTMP, MILLISECONDS),
          segments::add);

  @Test
  void shouldNotPassHundredMilliseconds() {
    add(0, 40);
    assertThat(segments).isEmpty();
    add(40, 40);
    assertThat(pictures()).containsExactly(2);
    add(80, 40);
    add(120, 40);
    assertThat(pictures()).containsExactly(2, 2);
  }

  @Test
  void shouldFillHundredMillisecondsWhereTimesAreRounded() {
    int[] times = {0, 33, 67, 100, 133, 167, 200, 233, 267, 300, 333, 367, 400};
    for (int i = 0; i < times.length - 1; i++) {
      add(times[i], i == 0 ? 33 : times[i] - times[i - 1]); // as live transports know it
    }

    assertThat(pictures()).containsExactly(3, 3, 3, 3);
  }

  @Test
  void shouldSendALongPictureAlone() {
    add(0, 10);
    add(10, 400);
    add(410, 60);

    assertThat(pictures()).containsExactly(1, 1, 1);
  }

  @Test
  void shouldBeginAnewWithAPictureThatComesLaterThanExpected() {
    add(0, 30);
    add(80, 30);
    assertThat(pictures()).containsExactly(1);
    sink.finish();
    assertThat(pictures()).containsExactly(1, 1);
  }

  private void add(long dts, long duration) {
    sink.add(new EncodedUnit(new byte[] {1}, dts, dts, dts == 0, dts), duration, 1);
  }

  private List<Integer> pictures() {
    return segments.stream().map(Segment::getAccessUnitsCount).toList();
  }
}
