package dev.flinkvideo.jobs.lab.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.local.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole way: commands, simulated sources, decoded pictures, and a move between two encoders.
 */
@Timeout(180)
class FailoverITCase {
  private static final Path CLIP =
      Path.of(System.getProperty("project.root", ".."), "jobs/footage/codecs/vp9-320x180.webm");

  /** Sooner than in the experiment. */
  private static final Scenario SCENARIO =
      Scenario.of("closed, standby warm", "", "{\"standbys\":1,\"returnToPreferred\":false}")
          .step(Duration.ofMillis(700), Scenario.TRUCK, Condition.CLOSED)
          .lasting(Duration.ofSeconds(3), 1);

  @Test
  void shouldShowEveryPictureOnceWhenASessionMovesToAWarmStandby() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Configuration options =
          JobConfiguration.parse(
              "--bootstrap",
              broker.bootstrap(),
              "--observe",
              "frame",
              "--decode.sessions",
              "complete");
      VideoJob.prepareTopics(options);
      try (LocalCluster cluster = new LocalCluster(options)) {
        cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
        try (Sources sources = new SimulatedSources(broker.bootstrap(), Topics.COMMANDS, CLIP);
            Operator operator = new Operator(broker.bootstrap(), Topics.DEFAULT)) {
          FailoverRun run = new FailoverRun(sources, operator, List.of(SCENARIO));
          run.play();
          run.remove();
          Awaitility.await()
              .pollInSameThread()
              .untilAsserted(
                  () ->
                      assertMovedWithoutAFlaw(
                          run.seen(Played.read(broker.bootstrap(), Topics.DEFAULT)).get(0)));
        }
      }
    }
  }

  private static void assertMovedWithoutAFlaw(SeenSession seen) {
    assertThat(seen.moves()).isOne();
    assertThat(seen.moveSeconds()).isPositive();
    assertThat(seen.lost()).isZero();
    assertThat(seen.doubled()).isZero();
    assertThat(seen.worstAxisErrorMs()).as("two clocks: 90 kHz and 1 kHz").isBetween(1e-6, 1.1);
  }
}
