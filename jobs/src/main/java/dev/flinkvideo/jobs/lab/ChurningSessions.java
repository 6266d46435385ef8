package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.jobs.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sessions that come and go: so many at a time, each with another clip, live for 200 to 2000
 * pictures, then gone for ever and followed by another. Started by the constructor, in threads of
 * its own; closed by its owner.
 */
final class ChurningSessions implements AutoCloseable {
  private static final Playback LIVE = new Playback(/* realtime= */ true, /* loop= */ true);
  private static final int FEWEST_PICTURES = 200;
  private static final int MOST_PICTURES = 2_000;

  private final List<Path> clips;
  private final SegmentPublisher publisher;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicLong ended = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;
  private volatile Exception failure;

  ChurningSessions(String bootstrap, List<Path> clips, int atOnce, long seed) {
    this.clips = clips;
    publisher = new SegmentPublisher(bootstrap, Topics.DEFAULT.segments());
    for (int i = 0; i < atOnce; i++) {
      Random random = new Random(seed + i);
      threads.add(new Thread(() -> play(random), "churn-" + i));
    }
    threads.forEach(Thread::start);
  }

  /** Sessions that came and went. */
  long ended() {
    return ended.get();
  }

  /** Pictures sent. */
  long pictures() {
    return publisher.accessUnits();
  }

  /** Not cut short by an interrupt: each thread ends within milliseconds. */
  @Override
  public void close() throws IOException {
    closed = true;
    boolean interrupted = false;
    for (Thread thread : threads) {
      thread.interrupt();
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    publisher.close();
    if (failure != null) {
      throw new IOException("a session stopped playing: " + failure.getMessage(), failure);
    }
  }

  private void play(Random random) {
    try {
      while (!closed) {
        session(random).play();
        ended.incrementAndGet();
      }
    } catch (IOException | RuntimeException e) {
      failure = closed ? failure : e; // Kafka's producer does not like the interrupt
    }
  }

  private FilePublisher session(Random random) {
    Path clip = clips.get(random.nextInt(clips.size()));
    int pictures = FEWEST_PICTURES + random.nextInt(MOST_PICTURES - FEWEST_PICTURES + 1);
    AtomicInteger left = new AtomicInteger(pictures);
    return new FilePublisher(
        () -> new SoakSource(new CompleteTimes(new FileSource(clip)), left, random),
        FilePublisher.segments("soak-" + opened.incrementAndGet(), publisher::publish),
        LIVE);
  }
}
