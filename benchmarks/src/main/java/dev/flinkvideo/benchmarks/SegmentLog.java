package dev.flinkvideo.benchmarks;

import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.RejectedRecordException;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What Kafka has of each session since this began to follow it. One thread. */
final class SegmentLog implements AutoCloseable {
  private final SessionTopics topics;
  private final Map<String, Session> sessions = new HashMap<>();

  /** Numbers of one session's segments. */
  private static final class Session {
    long last;
    long came;
    long missing;
    boolean beginsMidGroup;
  }

  SegmentLog(String bootstrap) throws Exception {
    topics = new SessionTopics(bootstrap);
    topics.follow(Topics.SEGMENTS);
  }

  /** Reads on until each of so many sessions has so many segments more, or for so long. */
  void awaitMore(int wantedSessions, int segments, int atMostSeconds)
      throws RejectedRecordException {
    sessions.values().forEach(session -> session.came = 0);
    long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(atMostSeconds);
    while (withMore(segments) < wantedSessions && System.nanoTime() < untilNs) {
      read();
    }
  }

  /** Sessions that got so many segments since {@link #awaitMore} began. */
  long withMore(int segments) {
    return sessions.values().stream().filter(session -> session.came >= segments).count();
  }

  /** Segments whose number was passed over, of all sessions. */
  long missing() {
    return sessions.values().stream().mapToLong(session -> session.missing).sum();
  }

  /** Sessions that went on after a gap with anything but a key frame. */
  long beginMidGroup() {
    return sessions.values().stream().filter(session -> session.beginsMidGroup).count();
  }

  @Override
  public void close() {
    topics.close();
  }

  private void read() throws RejectedRecordException {
    for (ConsumerRecord<byte[], byte[]> record : topics.next()) {
      Segment segment = Segments.read(record.value());
      Session session = sessions.get(segment.getSession());
      if (session == null) {
        session = new Session();
        session.last = segment.getSequence() - 1;
        sessions.put(segment.getSession(), session);
      }
      long passedOver = segment.getSequence() - session.last - 1;
      session.beginsMidGroup |= passedOver > 0 && !segment.getAccessUnits(0).getKey();
      session.missing += passedOver;
      session.last = segment.getSequence();
      session.came++;
    }
  }
}
