package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.LiveSink;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.ingest.transport.LiveUnit;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.StreamFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What one transport brings: measured, kept for a while, and given to each connection that is
 * attached. Filled by the transport's thread; the rest from any. Its monitor guards what is
 * attached to it too.
 */
final class Feed implements LiveSink {
  private final LiveTransport transport;
  private final GroupRing ring;
  private final FeedStatistics statistics = new FeedStatistics(System.nanoTime());
  private final List<OpenConnection> connections = new CopyOnWriteArrayList<>();

  private StreamFormat format;
  private boolean opened;

  Feed(LiveTransport transport, GroupRing ring) {
    this.transport = transport;
    this.ring = ring;
  }

  LiveTransport transport() {
    return transport;
  }

  /** From now on {@code connection} takes part in what comes, beginning with what is here. */
  synchronized void attach(OpenConnection connection) {
    connections.add(connection);
    if (opened) {
      connection.opened();
    }
    if (statistics.hasKeyFrame()) {
      connection.hasKeyFrame();
    }
  }

  /** Nothing comes to {@code connection} any more. */
  synchronized void detach(OpenConnection connection) {
    connections.remove(connection);
  }

  List<OpenConnection> connections() {
    return connections;
  }

  @Override
  public synchronized void opened() {
    opened = true;
    connections.forEach(OpenConnection::opened);
  }

  @Override
  public synchronized void format(StreamFormat newFormat) {
    format = newFormat;
    ring.clear();
    connections.forEach(connection -> connection.format(newFormat));
  }

  @Override
  public synchronized void add(LiveUnit unit) {
    boolean first = unit.unit().key() && !statistics.hasKeyFrame();
    statistics.count(unit, System.nanoTime());
    ring.add(unit);
    for (OpenConnection connection : connections) {
      if (first) {
        connection.hasKeyFrame();
      }
      connection.add(unit);
    }
  }

  /** Of the units that come; null before the first. Under the monitor. */
  StreamFormat format() {
    return format;
  }

  /** What is kept, as {@link GroupRing#from} says. Under the monitor. */
  List<LiveUnit> from(Published.Unit last) {
    return ring.from(last);
  }

  /** Works out the rates anew. */
  synchronized void measureRates() {
    statistics.measureRates(System.nanoTime());
  }

  synchronized ConnectionStatistics statistics() {
    return statistics.at(System.nanoTime(), transport.statistics().link());
  }

  synchronized long sinceKeyMs() {
    return statistics.sinceKeyMs(System.nanoTime());
  }

  /** Packets that are no video. */
  long passedOver() {
    return transport.statistics().passedOver();
  }

  synchronized long groupsGivenUp() {
    return ring.givenUp();
  }
}
