package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.kafka.CommandFollower;
import dev.flinkvideo.ingest.kafka.RecordSender;
import dev.flinkvideo.ingest.kafka.SegmentBuffer;
import dev.flinkvideo.ingest.kafka.SegmentSender;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.protocol.ConnectionStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The gateway's figures in Prometheus' text format 0.0.4. Any thread. */
final class GatewayMetrics {
  private static final String PREFIX = "flinkvideo_ingest_";

  private final Connections connections;
  private final SegmentBuffer buffer;
  private final SegmentSender segments;
  private final RecordSender reports;
  private final CommandFollower follower;
  private final Refusals refusals;

  GatewayMetrics(
      Connections connections,
      SegmentBuffer buffer,
      SegmentSender segments,
      RecordSender reports,
      CommandFollower follower,
      Refusals refusals) {
    this.connections = connections;
    this.buffer = buffer;
    this.segments = segments;
    this.reports = reports;
    this.follower = follower;
    this.refusals = refusals;
  }

  String text() {
    StringBuilder out = new StringBuilder();
    gauge(out, "publishers", "Publishers that are connected.", connections.publishers());
    gauge(out, "buffer_bytes", "Pictures that wait for Kafka.", buffer.bytes());
    counter(out, "segments_total", "Segments that Kafka has.", segments.segments());
    counter(out, "segment_bytes_total", "Pictures that Kafka has.", segments.bytes());
    counter(
        out,
        "dropped_segments_total",
        "Segments dropped because Kafka was away for too long.",
        buffer.droppedSegments());
    counter(out, "dropped_reports_total", "Reports and new sessions likewise.", reports.dropped());
    counter(out, "failed_segments_total", "Segments that Kafka refused.", segments.failures());
    counter(out, "unreadable_commands_total", "Commands not followed.", follower.unreadable());
    head(out, "refused_total", "counter", "Peers that were not let in.");
    for (EndReason reason : EndReason.values()) {
      line(out, "refused_total", "{reason=\"" + reason.label() + "\"}", refusals.of(reason));
    }
    perConnection(out);
    return out.toString();
  }

  private void perConnection(StringBuilder out) {
    List<OpenConnection> open = connections.open();
    eachFeed(out, open);
    each(
        out,
        open,
        "access_units_total",
        "counter",
        "Access units since the feed began.",
        ConnectionStatistics::accessUnits);
    each(
        out,
        open,
        "silent_ms",
        "gauge",
        "Since the last access unit.",
        ConnectionStatistics::silentMs);
    each(out, open, "bitrate_bps", "gauge", "Of video.", ConnectionStatistics::bitrateBps);
    each(out, open, "round_trip_ms", "gauge", "As the protocol says.", ConnectionStatistics::rttMs);
    each(
        out,
        open,
        "loss_share",
        "gauge",
        "Of packets, after retransmission.",
        ConnectionStatistics::lossShare);
  }

  private static void eachFeed(StringBuilder out, List<OpenConnection> open) {
    String name = "groups_given_up_total";
    head(out, name, "counter", "Groups of pictures too long to be kept for going live.");
    open.forEach(
        connection -> line(out, name, labels(connection), connection.feed().groupsGivenUp()));
  }

  private static void each(
      StringBuilder out,
      List<OpenConnection> open,
      String name,
      String type,
      String help,
      Function<ConnectionStatistics, Number> value) {
    head(out, name, type, help);
    for (OpenConnection connection : open) {
      Number measured = value.apply(connection.feed().statistics());
      if (measured != null) {
        line(out, name, labels(connection), measured);
      }
    }
  }

  private static String labels(OpenConnection connection) {
    return "{session=\"%s\",source=\"%s\",transport=\"%s\"}"
        .formatted(
            escaped(connection.id().session()),
            escaped(connection.id().source()),
            connection.desired().source().transport().name().toLowerCase(Locale.ROOT));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static void gauge(StringBuilder out, String name, String help, long value) {
    head(out, name, "gauge", help);
    line(out, name, "", value);
  }

  private static void counter(StringBuilder out, String name, String help, long value) {
    head(out, name, "counter", help);
    line(out, name, "", value);
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(PREFIX).append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(PREFIX).append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder out, String name, String labels, Number value) {
    out.append(PREFIX).append(name).append(labels).append(' ').append(value).append('\n');
  }
}
