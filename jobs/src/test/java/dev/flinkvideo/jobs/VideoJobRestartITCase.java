package dev.flinkvideo.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cli.CapturedRun;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.jobs.local.LocalMetrics;
import dev.flinkvideo.operators.decode.DecodeMetrics;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.Observation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class VideoJobRestartITCase {
  private static final Path CLIP =
      Path.of(
          System.getProperty("project.root", ".."),
          "operators/src/test/resources/clips/h264-420-8.mp4");
  private static final int CLIP_FRAMES = 20;
  private static final String POISONED = "poisoned";
  private static final AtomicInteger FAILURES = new AtomicInteger();

  @Test
  void shouldGoOnFromTheCheckpointWithAllItsMemoryWhenATaskFails() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Configuration options =
          JobConfiguration.parse(
              "--bootstrap",
              broker.bootstrap(),
              "--observe",
              "frame",
              "--admission.stall-after",
              "1s",
              "--job.checkpoint-interval",
              "500ms");
      KafkaTopics kafka = new KafkaTopics(options);
      kafka.ensure();
      try (LocalCluster cluster = new LocalCluster(options);
          JobOutput output = new JobOutput(broker.bootstrap())) {
        cluster.submit(
            environment ->
                VideoJob.build(
                    environment,
                    options,
                    kafka.segments(),
                    new InterceptedSink<>(kafka.observations(), VideoJobRestartITCase::failOnce),
                    kafka.events(),
                    kafka.rejected()));
        List<Long> poolBytes = LocalMetrics.values(DecodeMetrics.POOL_SIZE_BYTES);
        assertThat(poolBytes).singleElement().matches(bytes -> bytes > 0);

        publish(broker, "before");
        output.awaitStalled("before");
        awaitCheckpointBehindAll(broker);
        publish(broker, POISONED);
        output.awaitStalled(POISONED);
        publish(broker, "after");
        output.awaitStalled("after");

        assertThat(FAILURES).hasValue(1);
        assertThat(LocalMetrics.sum("numRestarts")).isOne();
        assertThat(LocalMetrics.values(DecodeMetrics.POOL_SIZE_BYTES)).isEqualTo(poolBytes);
        assertThat(LocalMetrics.sum(DecodeMetrics.FRAMES_OUTSTANDING)).isZero();
        assertThat(output.frames("before"))
            .as("what was checkpointed is not decoded again")
            .hasSize(CLIP_FRAMES);
        assertThat(output.frames("after")).hasSize(CLIP_FRAMES);
        assertThat(output.frames(POISONED))
            .as("every picture is judged, though a key frame lay before the checkpoint")
            .extracting(FrameObservation::pts)
            .hasSizeGreaterThanOrEqualTo(CLIP_FRAMES);
        assertThat(seen(output)).isEqualTo(CLIP_FRAMES);
      }
    }
  }

  private static void publish(EmbeddedBroker broker, String session) {
    CapturedRun run =
        CapturedRun.of(
            "publish", CLIP.toString(), "--session", session, "--bootstrap", broker.bootstrap());
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  /** The job commits its offsets when a checkpoint is complete. */
  private static void awaitCheckpointBehindAll(EmbeddedBroker broker) throws Exception {
    String group = JobOptions.GROUP.defaultValue();
    try (Admin admin = Brokers.connect(broker.bootstrap())) {
      await("a checkpoint behind all that was published")
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
                long committedSum =
                    committed.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
                return committedSum > 0 && committedSum == endOffsets(admin);
              });
    }
  }

  private static long endOffsets(Admin admin) throws Exception {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (int partition = 0; partition < JobOptions.PARTITIONS.defaultValue(); partition++) {
      latest.put(new TopicPartition(Topics.SEGMENTS, partition), OffsetSpec.latest());
    }
    return admin.listOffsets(latest).all().get().values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  private static long seen(JobOutput output) {
    return output.frames(POISONED).stream().map(FrameObservation::pts).distinct().count();
  }

  /** Takes the task down, once, when the first picture of a session comes. */
  private static void failOnce(Observation observation) throws IOException {
    if (observation.session().equals(POISONED) && FAILURES.compareAndSet(0, 1)) {
      throw new IOException("the sink fails, as it was told to");
    }
  }
}
