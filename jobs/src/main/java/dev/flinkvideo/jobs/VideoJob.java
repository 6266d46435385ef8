package dev.flinkvideo.jobs;

import dev.flinkvideo.operators.VideoAnalytics;
import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.operators.kafka.SegmentRecord;
import dev.flinkvideo.operators.kafka.SegmentRecordSerializer;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.Observation;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job: segments in, observations, events and rejected records out. Sources and sinks are
 * arguments, so that a test passes its own and {@link #main} passes Kafka.
 *
 * <pre>
 *   segments -> admission -> decode -> observations
 *                  |           +-----> events
 *                  +-----------------> rejected
 * </pre>
 */
public final class VideoJob {
  private VideoJob() {}

  public static void build(
      StreamExecutionEnvironment environment,
      Configuration options,
      Source<SegmentRecord, ?, ?> segments,
      Sink<Observation> observations,
      Sink<Event> events,
      Sink<RejectedRecord> rejected) {
    JobEnvironment.configure(environment, options);
    VideoAnalytics seen =
        VideoAnalytics.of(
            environment
                .fromSource(
                    segments,
                    WatermarkStrategy.noWatermarks(),
                    "segments",
                    SegmentRecordSerializer.TYPE)
                .uid("segments"),
            options);
    seen.observations().sinkTo(observations).name("observations").uid("observations");
    seen.events().sinkTo(events).name("events").uid("events");
    seen.rejected().sinkTo(rejected).name("rejected").uid("rejected");
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
