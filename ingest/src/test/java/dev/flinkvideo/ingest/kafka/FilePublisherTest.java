package dev.flinkvideo.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flinkvideo.ingest.Clips;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FilePublisherTest {
  private static final Playback LOOP_AT_ONCE = new Playback(false, true);

  private final List<Segment> segments = new ArrayList<>();
  private final FakeClock clock = new FakeClock();

  @ParameterizedTest
  @EnumSource(Clips.class)
  void shouldPublishEachAccessUnitOnceInWellFormedSegments(Clips clip) throws Exception {
    FilePublisher publisher = publisher(clip, Playback.AT_ONCE, segments::add);

    publisher.play();

    assertThat(publisher.accessUnits()).isEqualTo(clip.frames());
    assertThat(units()).hasSize(clip.frames());
    assertThat(units().stream().filter(AccessUnit::getKey)).hasSize(clip.keys());
    long sequence = 0;
    for (Segment segment : segments) {
      Segments.read(Segments.write(segment));
      assertThat(segment.getSequence()).isEqualTo(sequence++);
      assertThat(segment.getSerializedSize()).isLessThan(Segments.MAX_BYTES);
      assertThat(segment.getAccessUnitsList().stream().skip(1)).noneMatch(AccessUnit::getKey);
      assertThat(spanSeconds(segment)).isLessThan(0.1);
    }
  }

  @Test
  void shouldNameSessionSourceAndConnection() throws IOException {
    publisher(Clips.CAR, Playback.AT_ONCE, segments::add).play();

    Segment first = segments.get(0);
    assertThat(first.getSession()).isEqualTo("cam1");
    assertThat(first.getSource()).isEqualTo("file");
    assertThat(first.getTransport()).isEqualTo(Transport.TRANSPORT_FILE);
    assertThat(first.getCodec()).isEqualTo("h264");
    assertThat(first.getEpoch()).isEqualTo(first.getOpenedAtMs());
    assertThat(System.currentTimeMillis() - first.getEpoch()).isBetween(0L, 60_000L);
  }

  @Test
  void shouldPlayInRealTime() throws IOException {
    publisher(Clips.CAR, Playback.REALTIME, segments::add).play();

    assertThat(clock.passedSeconds()).isCloseTo(376 * 0.08, within(0.001));
    for (Segment segment : segments) {
      double dueSeconds = (double) segment.getAccessUnits(0).getDts() / 25_000;
      assertThat(segment.getArrivalTimeUs() / 1e6).isCloseTo(dueSeconds, within(0.001));
    }
  }

  @Test
  void shouldSendASegmentAtOnceWhenNoUnitCanFollowInIt() throws IOException {
    List<Double> sentAfterSeconds = new ArrayList<>();

    publisher(
            Clips.CAR,
            Playback.REALTIME,
            segment -> {
              AccessUnit last = segment.getAccessUnits(segment.getAccessUnitsCount() - 1);
              sentAfterSeconds.add(clock.passedSeconds() - (double) last.getDts() / 25_000);
            })
        .play();

    // Pictures of 80 ms fill a segment each.
    assertThat(sentAfterSeconds.stream().filter(seconds -> seconds > 0.001).count())
        .isLessThanOrEqualTo(Clips.CAR.keys());
  }

  @Test
  void shouldRunOnInALoopWithoutAJump() throws IOException {
    int rounds = 3;
    FilePublisher[] publisher = new FilePublisher[1];
    publisher[0] =
        publisher(
            Clips.BOTTLE,
            LOOP_AT_ONCE,
            segment -> {
              segments.add(segment);
              if (units().size() >= rounds * Clips.BOTTLE.frames()) {
                publisher[0].stop();
              }
            });

    publisher[0].play();

    List<AccessUnit> units = units();
    assertThat(units).hasSize(rounds * Clips.BOTTLE.frames());
    for (int i = 1; i < units.size(); i++) {
      assertThat(units.get(i).getDts() - units.get(i - 1).getDts()).as("at %d", i).isEqualTo(384);
    }
    assertThat(units.stream().map(AccessUnit::getPts).sorted().toList())
        .isEqualTo(LongStream.range(0, units.size()).map(i -> i * 384).boxed().toList());
    AccessUnit secondRound = units.get(Clips.BOTTLE.frames());
    assertThat(secondRound.getKey()).isTrue();
    assertThat(secondRound.getContentHash()).isEqualTo(units.get(0).getContentHash());
  }

  @Test
  void shouldEndWhenItIsStopped() throws Exception {
    playUntil((publisher, player) -> publisher.stop());
  }

  @Test
  void shouldEndWhenItsThreadIsInterrupted() throws Exception {
    playUntil((publisher, player) -> player.interrupt());
  }

  private void playUntil(BiConsumer<FilePublisher, Thread> end) throws Exception {
    CountDownLatch playing = new CountDownLatch(1);
    FilePublisher publisher =
        new FilePublisher(
            () -> open(Clips.CAR),
            FilePublisher.segments("cam1", segment -> playing.countDown()),
            new Playback(/* realtime= */ true, /* loop= */ true));
    FutureTask<Void> play =
        new FutureTask<>(
            () -> {
              publisher.play();
              return null;
            });
    Thread player = new Thread(play, "player");
    player.start();
    assertThat(playing.await(20, TimeUnit.SECONDS)).isTrue();

    end.accept(publisher, player);

    play.get(5, TimeUnit.SECONDS);
    assertThat(publisher.accessUnits()).isLessThan(Clips.CAR.frames());
  }

  private FilePublisher publisher(Clips clip, Playback playback, Consumer<Segment> out) {
    return new FilePublisher(
        () -> open(clip), FilePublisher.segments("cam1", out), playback, clock);
  }

  private static CompleteTimes open(Clips clip) throws IOException {
    return new CompleteTimes(new FileSource(clip.path()));
  }

  private List<AccessUnit> units() {
    return segments.stream().flatMap(segment -> segment.getAccessUnitsList().stream()).toList();
  }

  private static double spanSeconds(Segment segment) {
    long first = segment.getAccessUnits(0).getDts();
    long last = segment.getAccessUnits(segment.getAccessUnitsCount() - 1).getDts();
    return (double) (last - first)
        * segment.getTimeBaseNumerator()
        / segment.getTimeBaseDenominator();
  }
}
