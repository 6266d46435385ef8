package dev.flinkvideo.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.cli.CapturedRun;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.jobs.local.LocalMetrics;
import dev.flinkvideo.operators.kafka.RejectedRecord;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.FrameObservation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What consumers see of a job that failed before its first checkpoint, on a real Kafka. */
@Timeout(300)
class DeliveryITCase {
  private static final Path CLIP =
      Path.of(
          System.getProperty("project.root", ".."),
          "operators/src/test/resources/clips/h264-420-8.mp4");
  private static final int CLIP_FRAMES = 20;
  private static final String SESSION = "twice";

  @Test
  void shouldShowEverythingOnceToConsumersOfCommittedRecords() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Configuration options =
          JobConfiguration.parse(
              "--bootstrap",
              broker.bootstrap(),
              "--delivery",
              "exactly-once",
              "--observe",
              "frame",
              "--admission.stall-after",
              "1s",
              "--job.checkpoint-interval",
              "2s");
      KafkaTopics kafka = new KafkaTopics(options);
      kafka.ensure();
      publish(broker);
      publishNoise(broker);
      try (LocalCluster cluster = new LocalCluster(options);
          JobOutput all = new JobOutput(broker.bootstrap(), "read_uncommitted");
          JobOutput committed = new JobOutput(broker.bootstrap(), "read_committed")) {
        cluster.submit(
            environment ->
                VideoJob.build(
                    environment,
                    options,
                    kafka.segments(),
                    kafka.observations(),
                    kafka.events(),
                    new FailingOnce()));
        all.awaitUntil("written, not committed", () -> !all.frames(SESSION).isEmpty());
        FailingOnce.WRITTEN.countDown();
        committed.awaitStalled(SESSION);

        assertThat(LocalMetrics.sum("numRestarts")).isOne();
        assertThat(committed.frames(SESSION)).hasSize(CLIP_FRAMES);
        assertThat(committed.frames(SESSION))
            .extracting(FrameObservation::pts)
            .doesNotHaveDuplicates();
        assertThat(committed.events(SESSION))
            .extracting(Event::kind)
            .containsExactly(EventKind.STREAMING, EventKind.CONNECTION_CHANGED, EventKind.STALLED);
      }
    }
  }

  private static void publish(EmbeddedBroker broker) {
    CapturedRun run =
        CapturedRun.of(
            "publish", CLIP.toString(), "--session", SESSION, "--bootstrap", broker.bootstrap());
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  /** Behind the session's segments in their partition; it reaches the sink that fails. */
  private static void publishNoise(EmbeddedBroker broker) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(Topics.SEGMENTS, SESSION, new byte[] {1, 2, 3})).get();
    }
  }

  /** Takes the task down at the first rejected record, when what came before it is in Kafka. */
  private static final class FailingOnce implements Sink<RejectedRecord> {
    private static final CountDownLatch WRITTEN = new CountDownLatch(1);
    private static final AtomicInteger FAILURES = new AtomicInteger();
    private static final long serialVersionUID = 1L;

    @Override
    public SinkWriter<RejectedRecord> createWriter(WriterInitContext context) {
      return new SinkWriter<>() {
        @Override
        public void write(RejectedRecord rejected, Context at)
            throws IOException, InterruptedException {
          if (FAILURES.compareAndSet(0, 1)) {
            assertThat(WRITTEN.await(60, TimeUnit.SECONDS)).isTrue();
            throw new IOException("the sink fails, as it was told to");
          }
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
      };
    }
  }
}
