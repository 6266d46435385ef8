package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FaultSchedule;
import dev.flinkvideo.ingest.transport.FaultyClip;
import dev.flinkvideo.ingest.transport.FileSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One live session: a clip played in real time, over and over, by a thread of its own. Started and
 * closed by the demo; the counts may be read from any thread.
 */
final class DemoSession implements AutoCloseable {
  private static final Playback LIVE = new Playback(/* realtime= */ true, /* loop= */ true);

  private final String name;
  private final FilePublisher player;
  private final AtomicLong segments = new AtomicLong();
  private final Thread thread;
  private volatile Throwable failure;

  private DemoSession(String name, FilePublisher.Opener opener, SegmentPublisher publisher) {
    this.name = name;
    this.player =
        new FilePublisher(
            opener,
            FilePublisher.segments(
                name,
                segment -> {
                  segments.incrementAndGet();
                  publisher.publish(segment);
                }),
            LIVE);
    this.thread = new Thread(this::play, "play-" + name);
  }

  static DemoSession of(String name, Path clip, SegmentPublisher publisher) {
    return new DemoSession(name, () -> new CompleteTimes(new FileSource(clip)), publisher);
  }

  /** Its picture goes black, then freezes, then comes back; encoded as it plays. */
  static DemoSession faulty(
      String name, Path clip, FaultSchedule schedule, SegmentPublisher publisher) {
    return new DemoSession(name, () -> new FaultyClip(clip, schedule), publisher);
  }

  void start() {
    thread.start();
  }

  String name() {
    return name;
  }

  /** Access units published so far. */
  long framesIn() {
    return player.accessUnits();
  }

  long segments() {
    return segments.get();
  }

  /** Why it stopped playing before it was told to, or null. */
  Throwable failure() {
    return failure;
  }

  /** Stops playing and waits until what was pending is handed to Kafka. */
  @Override
  public void close() {
    player.stop();
    Joining.join(thread);
  }

  private void play() {
    try {
      player.play();
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }
}
