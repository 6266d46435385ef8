package dev.flinkvideo.jobs;

import dev.flinkvideo.operators.SessionControl;
import dev.flinkvideo.operators.VideoAnalytics;
import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.operators.kafka.SegmentRecordSerializer;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.Observation;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job: two paths that meet on Kafka only, so that a backlog of decoding delays no move and
 * neither restarts with the other. Sources and sinks are arguments, so that a test passes its own
 * and {@link #main} passes Kafka.
 *
 * <pre>
 *   segments -> admission -> decode -> observations          sessions -+           +-> commands
 *                  |           +-----> events                reports --+-> session +-> events
 *                  +-----------------> rejected              events ---+           +-> status
 *                                                                                  +-> rejected
 * </pre>
 */
public final class VideoJob {
  /** What sessions hear of. */
  public record SessionSources(
      Source<SegmentRecord, ?, ?> specifications,
      Source<SegmentRecord, ?, ?> reports,
      Source<SegmentRecord, ?, ?> events) {}

  /** What comes of it. */
  public record SessionSinks(
      Sink<SessionCommand> commands,
      Sink<Event> events,
      Sink<SessionStatus> statuses,
      Sink<RejectedRecord> rejected) {}

  private VideoJob() {}

  public static void build(
      StreamExecutionEnvironment environment,
      Configuration options,
      Source<SegmentRecord, ?, ?> segments,
      Sink<Observation> observations,
      Sink<Event> events,
      Sink<RejectedRecord> rejected) {
    JobEnvironment.configure(environment, options);
    VideoAnalytics seen = VideoAnalytics.of(records(environment, segments, "segments"), options);
    seen.observations().sinkTo(observations).name("observations").uid("observations");
    seen.events().sinkTo(events).name("events").uid("events");
    seen.rejected().sinkTo(rejected).name("rejected").uid("rejected");
  }

  /** Adds the light path, which decides what every session is watched from. */
  public static void buildSessions(
      StreamExecutionEnvironment environment,
      Configuration options,
      SessionSources sources,
      SessionSinks sinks) {
    SessionControl control =
        SessionControl.of(
            records(environment, sources.specifications(), "sessions"),
            records(environment, sources.reports(), "reports"),
            records(environment, sources.events(), "session-alarms"),
            options);
    control.commands().sinkTo(sinks.commands()).name("commands").uid("commands");
    control.events().sinkTo(sinks.events()).name("session-events").uid("session-events");
    control.statuses().sinkTo(sinks.statuses()).name("status").uid("status");
    control.rejected().sinkTo(sinks.rejected()).name("session-rejected").uid("session-rejected");
  }

  private static DataStream<SegmentRecord> records(
      StreamExecutionEnvironment environment, Source<SegmentRecord, ?, ?> source, String name) {
    return environment
        .fromSource(source, WatermarkStrategy.noWatermarks(), name, SegmentRecordSerializer.TYPE)
        .uid(name);
  }

  /** Makes sure that Kafka answers and its topics exist, creating them if allowed. */
  public static void prepareTopics(Configuration options)
      throws BrokerUnreachableException, TopicsException {
    new KafkaTopics(options).ensure();
  }

  /** Builds the job on the Kafka topics that the options name. */
  public static void buildOnKafka(StreamExecutionEnvironment environment, Configuration options) {
    KafkaTopics kafka = new KafkaTopics(options);
    build(
        environment,
        options,
        kafka.segments(),
        kafka.observations(),
        kafka.events(),
        kafka.rejected());
    buildSessions(
        environment,
        options,
        new SessionSources(kafka.sessions(), kafka.reports(), kafka.alarms()),
        new SessionSinks(
            kafka.commands(), kafka.sessionEvents(), kafka.statuses(), kafka.rejected()));
  }

  /** Entry point of {@code flink run}: {@code --config FILE} and {@code --key value}. */
  public static void main(String[] arguments) throws Exception {
    Configuration options;
    try {
      options = JobConfiguration.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      throw e;
    }
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    prepareTopics(options);
    buildOnKafka(environment, options);
    environment.execute("flink-video");
  }
}
