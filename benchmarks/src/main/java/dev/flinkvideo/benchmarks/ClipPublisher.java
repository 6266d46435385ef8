package dev.flinkvideo.benchmarks;

import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.ingest.transport.UnitSink;
import dev.flinkvideo.jobs.TopicCreation;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.EncodedUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Puts a clip into Kafka as several sessions at once, each playing it over and over, as the gateway
 * would: segments of a tenth of a second, those of the sessions between each other.
 */
final class ClipPublisher {
  /** As many as the job creates. */
  private static final int PARTITIONS = 4;

  private ClipPublisher() {}

  /** Returns once all of it is on the topic. */
  static void publish(Path clip, String bootstrap, int sessions, long framesPerSession)
      throws Exception {
    publish(clip, bootstrap, sessions, framesPerSession, /* realtime= */ false);
  }

  /** The same, at the clip's own pace if asked to. */
  static void publish(
      Path clip, String bootstrap, int sessions, long framesPerSession, boolean realtime)
      throws Exception {
    Topics.DEFAULT.ensure(bootstrap, TopicCreation.unreplicated(PARTITIONS));
    ExecutorService players = Executors.newFixedThreadPool(sessions);
    try (SegmentPublisher publisher = new SegmentPublisher(bootstrap, Topics.DEFAULT.segments())) {
      List<Future<?>> playing = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        String session = "session-" + i;
        playing.add(
            players.submit(
                () -> {
                  play(clip, session, framesPerSession, realtime, publisher);
                  return null;
                }));
      }
      for (Future<?> player : playing) {
        player.get();
      }
      publisher.flush();
    } finally {
      players.shutdownNow();
    }
  }

  private static void play(
      Path clip, String session, long frames, boolean realtime, SegmentPublisher publisher)
      throws Exception {
    FilePublisher.Receiver segments = FilePublisher.segments(session, publisher::publish);
    FilePublisher[] player = new FilePublisher[1];
    player[0] =
        new FilePublisher(
            () -> new CompleteTimes(new FileSource(clip)),
            source -> new Ending(segments.receive(source), frames, () -> player[0].stop()),
            new Playback(realtime, /* loop= */ true));
    player[0].play();
  }

  /** Passes so many units on and then has the player stop. */
  private static final class Ending implements UnitSink {
    private final UnitSink next;
    private final Runnable end;
    private long left;

    private Ending(UnitSink next, long units, Runnable end) {
      this.next = next;
      this.left = units;
      this.end = end;
    }

    @Override
    public void add(EncodedUnit unit, long durationTicks, long arrivalUs) {
      next.add(unit, durationTicks, arrivalUs);
      if (--left == 0) {
        end.run();
      }
    }

    @Override
    public void finish() {
      next.finish();
    }
  }
}
