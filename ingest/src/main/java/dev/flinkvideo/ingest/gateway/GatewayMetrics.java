package dev.flinkvideo.ingest.gateway;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.flinkvideo.ingest.kafka.CommandFollower;
import dev.flinkvideo.ingest.kafka.RecordSender;
import dev.flinkvideo.ingest.kafka.SegmentBuffer;
import dev.flinkvideo.ingest.kafka.SegmentSender;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.LinkStatistics;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.SourceTransport;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;

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
    gauge(
        out,
        "refused_packets",
        "Of open connections: SRTP packets that were forged or there before.",
        refusedPackets());
    gauge(
        out,
        "passed_over_packets",
        "Of open connections: packets that are no video, as sound.",
        passedOverPackets());
    perTransport(out);
    return out.toString();
  }

  private long refusedPackets() {
    return connections.open().stream()
        .map(OpenConnection::feed)
        .distinct()
        .flatMap(feed -> feed.transport().statistics().link().stream())
        .mapToLong(LinkStatistics::refused)
        .sum();
  }

  private long passedOverPackets() {
    return connections.open().stream()
        .map(OpenConnection::feed)
        .distinct()
        .mapToLong(Feed::passedOver)
        .sum();
  }

  /** A name of a session may be anybody's choice, so none is a label: /v1/connections has them. */
  private void perTransport(StringBuilder out) {
    Map<SourceTransport, List<ConnectionStatistics>> open =
        connections.open().stream()
            .collect(
                groupingBy(
                    connection -> connection.desired().source().transport(),
                    () -> new EnumMap<>(SourceTransport.class),
                    mapping(connection -> connection.feed().statistics(), toList())));
    each(
        out,
        open,
        "connections",
        "Open, live and standby.",
        each -> OptionalDouble.of(each.size()));
    each(
        out,
        open,
        "bitrate_bps",
        "Of video, all together.",
        each -> sum(each, ConnectionStatistics::bitrateBps));
    each(
        out,
        open,
        "silent_ms_max",
        "Longest since a last access unit.",
        each -> max(each, ConnectionStatistics::silentMs));
    each(
        out,
        open,
        "round_trip_ms_max",
        "Longest, as the protocol says.",
        each -> max(each, ConnectionStatistics::rttMs));
    each(
        out,
        open,
        "loss_share_max",
        "Highest, of packets, after retransmission.",
        each -> max(each, ConnectionStatistics::lossShare));
  }

  private static void each(
      StringBuilder out,
      Map<SourceTransport, List<ConnectionStatistics>> open,
      String name,
      String help,
      Function<List<ConnectionStatistics>, OptionalDouble> value) {
    head(out, name, "gauge", help);
    for (SourceTransport transport : SourceTransport.values()) {
      String label = "{transport=\"%s\"}".formatted(transport.name().toLowerCase(Locale.ROOT));
      value
          .apply(open.getOrDefault(transport, List.of()))
          .ifPresent(measured -> line(out, name, label, measured));
    }
  }

  private static OptionalDouble sum(
      List<ConnectionStatistics> open, Function<ConnectionStatistics, Number> of) {
    return OptionalDouble.of(known(open, of).sum());
  }

  /** Empty if none tells. */
  private static OptionalDouble max(
      List<ConnectionStatistics> open, Function<ConnectionStatistics, Number> of) {
    return known(open, of).max();
  }

  private static DoubleStream known(
      List<ConnectionStatistics> open, Function<ConnectionStatistics, Number> of) {
    return open.stream().map(of).filter(Objects::nonNull).mapToDouble(Number::doubleValue);
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
