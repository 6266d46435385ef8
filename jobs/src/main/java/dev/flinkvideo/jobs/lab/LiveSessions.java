package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.ingest.kafka.FilePublisher;
import dev.flinkvideo.ingest.kafka.Playback;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.transport.CompleteTimes;
import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.jobs.KafkaAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sessions that play a clip in real time, over and over, each in a thread of its own. Opened and
 * ended by one thread; {@link #close} ends all and returns when what they sent is on the topic.
 */
public final class LiveSessions implements AutoCloseable {
  private static final Playback LIVE = new Playback(/* realtime= */ true, /* loop= */ true);

  private record Player(FilePublisher publisher, Thread thread) {}

  private final SegmentPublisher publisher;
  private final Map<String, Player> players = new LinkedHashMap<>();
  private volatile IOException failure;

  public LiveSessions(KafkaAccess kafka) {
    publisher = new SegmentPublisher(kafka.client(), kafka.topics().segments());
  }

  /** So many sessions, which play the clips in turn. */
  public static LiveSessions of(String bootstrap, List<Path> clips, int count) {
    LiveSessions sessions = new LiveSessions(KafkaAccess.open(bootstrap));
    for (int i = 0; i < count; i++) {
      sessions.open("session-" + i, clips.get(i % clips.size()));
    }
    return sessions;
  }

  public void open(String session, Path clip) {
    FilePublisher player =
        new FilePublisher(
            () -> new CompleteTimes(new FileSource(clip)),
            FilePublisher.segments(session, publisher::publish),
            LIVE);
    Thread thread = new Thread(() -> play(player), session);
    players.put(session, new Player(player, thread));
    thread.start();
  }

  /** Asks the session to end, which takes milliseconds. */
  public void end(String session) {
    players.get(session).publisher.stop();
  }

  /** Pictures sent so far, over all sessions. */
  public long pictures() {
    return players.values().stream().mapToLong(player -> player.publisher.accessUnits()).sum();
  }

  /** Not cut short by an interrupt: players end within milliseconds. */
  @Override
  public void close() throws IOException {
    players.keySet().forEach(this::end);
    boolean interrupted = false;
    for (Player player : players.values()) {
      while (player.thread.isAlive()) {
        try {
          player.thread.join();
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
