package dev.flinkvideo.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentBufferTest {
  private static final long SECOND = 1_000_000_000;

  private final SegmentBuffer buffer = new SegmentBuffer(100, Duration.ofSeconds(20));
  private final List<String> dropped = new ArrayList<>();
  private long nowNanos;

  @Test
  void shouldGiveWhatWaitedLongestFirst() throws InterruptedException {
    add("a", 0, true);
    add("b", 0, true);
    add("a", 1, false);

    assertThat(List.of(take(), take(), take())).containsExactly("a0", "b0", "a1");
    assertThat(buffer.bytes()).isZero();
  }

  @Test
  void shouldDropTheOldestGroupWhenItIsFull() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      add("a", i, i % 4 == 0);
    }
    add("b", 0, true);

    assertThat(dropped).containsExactly("a0", "a1", "a2", "a3");
    assertThat(buffer.droppedSegments()).isEqualTo(4);
    assertThat(take()).isEqualTo("a4");
  }

  @Test
  void shouldDropTheOldestGroupWhenItIsOld() throws InterruptedException {
    add("a", 0, true);
    add("a", 1, false);
    nowNanos += 15 * SECOND;
    add("a", 2, true);
    nowNanos += 10 * SECOND;
    add("a", 3, false);

    assertThat(dropped).containsExactly("a0", "a1");
    assertThat(take()).isEqualTo("a2");
  }

  @Test
  void shouldDropTheRestOfAGroupThatIsStillGrowing() throws InterruptedException {
    for (int i = 0; i < 12; i++) {
      add("a", i, i == 0);
    }
    add("a", 12, true);

    assertThat(dropped).hasSize(12).contains("a0", "a11");
    assertThat(take()).isEqualTo("a12");
  }

  @Test
  void shouldDropTheRestOfAGroupWhoseBeginningKafkaHas() throws InterruptedException {
    add("a", 0, true);
    assertThat(take()).isEqualTo("a0");
    for (int i = 1; i < 12; i++) {
      add("a", i, i == 6);
    }

    assertThat(dropped).containsExactly("a1", "a2", "a3", "a4", "a5");
    assertThat(take()).isEqualTo("a6");
  }

  @Test
  void shouldDropWhatFollowsASegmentThatKafkaDidNotTake() throws InterruptedException {
    add("a", 0, true);
    add("a", 1, false);
    add("a", 2, false);
    add("a", 3, true);
    add("b", 0, true);
    PendingSegment failed = buffer.take();

    buffer.dropGroup(failed);

    assertThat(dropped).containsExactly("a1", "a2");
    assertThat(List.of(take(), take())).containsExactly("a3", "b0");
  }

  @Test
  void shouldKeepNothingOfAStreamThatHasEndedHoweverLateAFailureIsTold() throws Exception {
    add("a", 0, true);
    PendingSegment failed = buffer.take();
    add("a", 1, false);
    add("b", 0, true);
    buffer.forget("a", "", 0, 0);

    buffer.dropGroup(failed);

    assertThat(dropped).containsExactly("a1");
    take();
    buffer.forget("b", "", 0, 0);
    assertThat(buffer.remembered()).isZero();
  }

  @Test
  void shouldKeepNothingOfAStreamThatHasEndedWhenItsRestIsDropped() throws Exception {
    add("a", 0, true);
    buffer.forget("a", "", 0, 0);
    nowNanos += 25 * SECOND;
    add("b", 0, true);

    assertThat(dropped).containsExactly("a0");
    take();
    buffer.forget("b", "", 0, 0);
    assertThat(buffer.remembered()).isZero();
  }

  @Test
  void shouldNotTakeANewTurnForTheOldOne() throws InterruptedException {
    for (int i = 0; i < 12; i++) {
      add("a", i, i == 0);
    }
    Segment next = segment("a", 0, true).toBuilder().setEpoch(2).build();
    buffer.add(new PendingSegment(next, new Recorder()), nowNanos);

    assertThat(buffer.take().segment().getEpoch()).isEqualTo(2);
  }

  private void add(String session, long sequence, boolean key) {
    nowNanos++;
    PendingSegment pending = new PendingSegment(segment(session, sequence, key), new Recorder());
    buffer.add(pending, nowNanos).forEach(gone -> gone.listener().dropped(gone.segment()));
  }

  private String take() throws InterruptedException {
    Segment segment = buffer.take().segment();
    return segment.getSession() + segment.getSequence();
  }

  private static Segment segment(String session, long sequence, boolean key) {
    return Segment.newBuilder()
        .setSession(session)
        .setSequence(sequence)
        .addAccessUnits(AccessUnit.newBuilder().setKey(key))
        .setPayload(ByteString.copyFrom(new byte[10]))
        .build();
  }

  private final class Recorder implements PendingSegment.Listener {
    @Override
    public void delivered(Segment segment) {
      throw new AssertionError("nothing is delivered here");
    }

    @Override
    public void dropped(Segment segment) {
      dropped.add(segment.getSession() + segment.getSequence());
    }
  }
}
