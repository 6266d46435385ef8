package dev.flinkvideo.ingest.transport.webrtc.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReorderBufferTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final List<Integer> given = new ArrayList<>();
  private final List<Long> numbers = new ArrayList<>();
  private final ReorderBuffer buffer =
      new ReorderBuffer(
          (packet, number) -> {
            given.add(packet.sequence());
            numbers.add(number);
          });

  @Test
  void shouldPutPacketsInOrderAcrossTheWrap() {
    add(0, 65534, 0, 65535, 1);

    assertThat(given).containsExactly(65534, 65535, 0, 1);
    assertThat(numbers).isSorted();
  }

  @Test
  void shouldGiveARepeatedPacketOnce() {
    add(0, 1, 2, 2, 1, 3);

    assertThat(given).containsExactly(1, 2, 3);
  }

  @Test
  void shouldAskForWhatIsMissingAndAgainLater() {
    add(0, 10, 13);

    assertThat(sequences(buffer.tick(0))).containsExactly(11, 12);
    assertThat(buffer.tick(20 * MS)).isEmpty();
    assertThat(sequences(buffer.tick(40 * MS))).containsExactly(11, 12);
    assertThat(given).containsExactly(10);
  }

  @Test
  void shouldGoOnWhenThePacketComesAndMeasureTheRoundTrip() {
    add(0, 10, 12);
    buffer.tick(0);
    add(30 * MS, 11);

    assertThat(given).containsExactly(10, 11, 12);
    assertThat(buffer.roundTripNanos()).isEqualTo(30 * MS);
    assertThat(buffer.recovered()).isEqualTo(1);
    assertThat(buffer.lost()).isEqualTo(1);
  }

  @Test
  void shouldGiveUpWhatDoesNotComeInTime() {
    add(0, 10, 12);
    buffer.tick(0);
    buffer.tick(501 * MS);

    assertThat(given).containsExactly(10, 12);
    assertThat(numbers.get(1) - numbers.get(0)).isEqualTo(2);
    assertThat(buffer.givenUp()).isEqualTo(1);
    add(502 * MS, 11);
    assertThat(given).containsExactly(10, 12);
  }

  @Test
  void shouldTakeALargeJumpForAnotherStream() {
    add(0, 10, 11, 13, 5000, 5001);

    assertThat(given).containsExactly(10, 11, 13, 5000, 5001);
    assertThat(buffer.tick(0)).isEmpty();
  }

  @Test
  void shouldHoldABoundedNumberOfPackets() {
    add(0, 0);
    for (int sequence = 2; sequence < 3000; sequence++) {
      add(0, sequence);
    }

    assertThat(given).contains(2).doesNotContain(1);
    assertThat(buffer.givenUp()).isEqualTo(1);
  }

  private void add(long nowNanos, int... sequences) {
    for (int sequence : sequences) {
      buffer.add(Packets.packet(sequence, 0, false, 1), nowNanos);
    }
  }

  private static List<Integer> sequences(List<Long> wanted) {
    return wanted.stream().map(number -> (int) (number & 0xffff)).toList();
  }
}
