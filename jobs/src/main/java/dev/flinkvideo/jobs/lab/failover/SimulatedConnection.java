package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.ingest.kafka.SegmentSink;
import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.Connection;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One connection to a simulated source, which does what docs/session.md asks of gateways. Guarded
 * by {@link SimulatedSources}.
 */
final class SimulatedConnection {
  private static final String GATEWAY = "simulated";

  private record Arrived(EncodedUnit unit, long arrivalUs) {}

  private final String session;
  private final SimulatedSource source;
  private final SegmentPublisher publisher;
  private final Consumer<ConnectionReport> reports;
  private final long opensAtMs;

  /** The newest two groups of pictures, so that it repeats one also if the other has just begun. */
  private final List<Arrived> ring = new ArrayList<>();

  private int newestKey;

  private DesiredConnection desired;
  private long openedAtMs;
  private Long epoch;
  private SegmentSink sink;
  private long accessUnits;
  private long keyFrames;
  private long lastUnitMs;

  SimulatedConnection(
      String session,
      SimulatedSource source,
      DesiredConnection desired,
      SegmentPublisher publisher,
      Consumer<ConnectionReport> reports,
      long opensAtMs) {
    this.session = session;
    this.source = source;
    this.desired = desired;
    this.publisher = publisher;
    this.reports = reports;
    this.opensAtMs = opensAtMs;
  }

  long number() {
    return desired.connection();
  }

  /** Takes the role and the epoch of the newest command. */
  void follow(DesiredConnection newest) {
    desired = newest;
    if (newest.role() == Role.STANDBY || newest.epoch() == null) {
      stopPublishing();
    } else if (!newest.epoch().equals(epoch)) {
      stopPublishing();
      publishRing();
    } else if (newest.role() == Role.OUTGOING) {
      sink.finish(); // what it has is on the log before the first picture of what takes over
    }
  }

  /**
   * What the source does at the moment of a picture.
   *
   * @return why the connection is no more; null if it is
   */
  CloseReason picture(long picture, long nowMs) {
    boolean closed = source.condition() == Condition.CLOSED;
    if (openedAtMs > 0 && closed) {
      return CloseReason.BROKEN;
    }
    if (openedAtMs == 0 && nowMs >= opensAtMs) {
      if (closed) {
        return CloseReason.REFUSED;
      }
      open(nowMs);
    }
    EncodedUnit unit = openedAtMs == 0 ? null : source.unit(picture);
    if (unit != null) {
      add(unit, nowMs);
    }
    return null;
  }

  private void open(long nowMs) {
    if (source.condition() == Condition.UNANSWERED) {
      return;
    }
    openedAtMs = nowMs;
    lastUnitMs = nowMs;
    report(ReportKind.OPENED, null, nowMs);
  }

  private void add(EncodedUnit unit, long nowMs) {
    Arrived arrived = new Arrived(unit, nowMs * 1_000);
    accessUnits++;
    lastUnitMs = nowMs;
    if (unit.key()) {
      ring.subList(0, newestKey).clear();
      newestKey = ring.size();
      keyFrames++;
      if (keyFrames == 1) {
        report(ReportKind.FIRST_SEGMENT, null, nowMs);
      }
    } else if (ring.isEmpty()) {
      return; // of no use without its key frame
    }
    ring.add(arrived);
    if (sink != null) {
      publish(arrived);
    } else if (desired.role() == Role.LIVE) {
      publishRing();
    }
  }

  /** Goes live from the key frame before the newest on, and says so when it is on the log. */
  private void publishRing() {
    if (ring.isEmpty() || desired.role() != Role.LIVE) {
      return;
    }
    epoch = desired.epoch();
    sink =
        new SegmentSink(
            new Connection(
                session,
                desired.source().name(),
                epoch,
                openedAtMs,
                desired.source().transport().wire(),
                source.format()),
            publisher::publish);
    ring.forEach(this::publish);
    sink.finish();
    publisher.flush();
    report(ReportKind.LIVE, null, System.currentTimeMillis());
  }

  private void publish(Arrived arrived) {
    sink.add(arrived.unit, source.durationTicks(), arrived.arrivalUs);
  }

  private void stopPublishing() {
    if (sink != null) {
      sink.finish();
    }
    sink = null;
    epoch = null;
  }

  void close(CloseReason reason, long nowMs) {
    stopPublishing();
    report(ReportKind.CLOSED, reason, nowMs);
  }

  void reportStatistics(long nowMs) {
    if (openedAtMs > 0) {
      report(ReportKind.STATISTICS, null, nowMs);
    }
  }

  private void report(ReportKind kind, CloseReason reason, long nowMs) {
    ConnectionReport.Builder report =
        ConnectionReport.builder(kind, GATEWAY)
            .source(session, desired.source().name())
            .connection(desired.connection())
            .epoch(epoch)
            .role(desired.role())
            .reason(reason)
            .statistics(
                new ConnectionStatistics(
                    nowMs - lastUnitMs,
                    accessUnits,
                    keyFrames,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null));
    if (openedAtMs > 0) {
      report.openedAtMs(openedAtMs);
    }
    reports.accept(report.build(nowMs));
  }
}
