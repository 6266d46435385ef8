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

/**
 * Sessions that play clips in real time, over and over, each in a thread of its own. Started by the
 * constructor; {@link #close} ends them and returns when all they sent is on the topic.
 */
public final class LiveSessions implements AutoCloseable {
  private static final Playback LIVE = new Playback(/* realtime= */ true, /* loop= */ true);

  private final SegmentPublisher publisher;
  private final List<FilePublisher> players = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile IOException failure;

  /**
   * @param clips played in turn
   */
  public LiveSessions(String bootstrap, List<Path> clips, int count) {
    publisher = new SegmentPublisher(bootstrap, Topics.DEFAULT.segments());
    for (int i = 0; i < count; i++) {
      Path clip = clips.get(i % clips.size());
      String session = "session-" + i;
      FilePublisher player =
          new FilePublisher(
              () -> new CompleteTimes(new FileSource(clip)),
              FilePublisher.segments(session, publisher::publish),
              LIVE);
      players.add(player);
      threads.add(new Thread(() -> play(player), session));
    }
    threads.forEach(Thread::start);
  }

  /** Pictures sent so far. */
  public long pictures() {
    return players.stream().mapToLong(FilePublisher::accessUnits).sum();
  }

  /** Not cut short by an interrupt: players end within milliseconds. */
  @Override
  public void close() throws IOException {
    players.forEach(FilePublisher::stop);
    boolean interrupted = false;
    for (Thread thread : threads) {
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
      throw failure;
    }
  }

  private void play(FilePublisher player) {
    try {
      player.play();
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure = new IOException("a session stopped playing: " + e.getMessage(), e);
    }
  }
}
