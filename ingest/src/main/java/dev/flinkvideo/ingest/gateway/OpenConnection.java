package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.kafka.PendingSegment;
import dev.flinkvideo.ingest.kafka.SegmentBuffer;
import dev.flinkvideo.ingest.kafka.SegmentSink;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.concurrent.atomic.LongAdder;

/**
 * One connection that a command named, in the role that it gave: publishes what its feed brings, or
 * only waits. All but {@link #report} under the monitor of its feed.
 */
final class OpenConnection {
  private final SourceId id;
  private final long number;
  private final Feed feed;
  private final SegmentBuffer buffer;
  private final Published published;
  private final Reports reports;
  private final LongAdder droppedSegments = new LongAdder();

  private volatile DesiredConnection desired;
  private volatile Long openedAtMs;

  // Of the turn at publishing that is under way; null while it waits.
  private volatile Long epoch;
  private SegmentSink sink;

  OpenConnection(
      SourceId id,
      DesiredConnection desired,
      Feed feed,
      SegmentBuffer buffer,
      Published published,
      Reports reports) {
    this.id = id;
    this.number = desired.connection();
    this.desired = desired;
    this.feed = feed;
    this.buffer = buffer;
    this.published = published;
    this.reports = reports;
  }

  SourceId id() {
    return id;
  }

  long number() {
    return number;
  }

  Feed feed() {
    return feed;
  }

  DesiredConnection desired() {
    return desired;
  }

  Long openedAtMs() {
    return openedAtMs;
  }

  Long epoch() {
    return epoch;
  }

  /** Segments that Kafka was away too long for. */
  long droppedSegments() {
    return droppedSegments.sum();
  }

  /** What its feed brings, and what of it was dropped. Any thread. */
  ConnectionStatistics statistics() {
    return feed.statistics().withDroppedSegments(droppedSegments());
  }

  /** The transport is connected. */
  void opened() {
    openedAtMs = System.currentTimeMillis();
    reports.of(ReportKind.OPENED, this);
    follow(desired);
  }

  void hasKeyFrame() {
    reports.of(ReportKind.FIRST_SEGMENT, this);
  }

  /** Takes the role and the epoch of the newest command. Doing it twice changes nothing. */
  void follow(DesiredConnection newest) {
    desired = newest;
    if (openedAtMs == null) {
      return; // when it opens, this is looked at again
    }
    if (newest.role() == Role.STANDBY || newest.epoch() == null) {
      stopPublishing();
    } else if (newest.role() == Role.OUTGOING && newest.epoch().equals(epoch)) {
      finishSegment();
    } else if (!newest.epoch().equals(epoch)) {
      stopPublishing();
      epoch = newest.epoch();
      feed.from(published.last(id.session())).forEach(this::publish);
    }
  }

  /** What takes over makes stale what comes later: it shall find what is here on the log. */
  private void finishSegment() {
    if (sink != null) {
      sink.finish();
    }
  }

  void format(StreamFormat format) {
    if (sink != null) {
      sink.format(format);
    }
  }

  void add(LiveUnit unit) {
    if (epoch != null) {
      publish(unit);
    }
  }

  void stopPublishing() {
    if (sink != null) {
      finishSegment();
      buffer.forget(id.session(), id.source(), epoch, openedAtMs);
    }
    sink = null;
    epoch = null;
  }

  private void publish(LiveUnit unit) {
    if (sink == null) {
      if (!unit.unit().key()) {
        return; // the log begins with a key frame
      }
      Connection connection =
          new Connection(
              id.session(),
              id.source(),
              epoch,
              openedAtMs,
              desired.source().transport().wire(),
              feed.format());
      Turn turn = new Turn();
      sink =
          new SegmentSink(
              connection,
              segment -> {
                buffer.add(new PendingSegment(segment, turn));
                published.add(segment);
              });
    }
    sink.add(unit);
  }

  /** What becomes of the segments of one turn at publishing. */
  private final class Turn implements PendingSegment.Listener {
    @Override
    public void delivered(Segment segment) {
      if (segment.getSequence() == 0) {
        reports.live(OpenConnection.this, segment.getEpoch());
      }
    }

    @Override
    public void dropped(Segment segment) {
      droppedSegments.increment();
    }
  }
}
