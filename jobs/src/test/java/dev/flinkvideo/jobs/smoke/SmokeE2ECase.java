package dev.flinkvideo.jobs.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.gateway.GatewayConfiguration;
import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.VideoJob;
import dev.flinkvideo.jobs.broker.EmbeddedBroker;
import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.jobs.smoke.SmokeSettings.GatewayAddresses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka, the job and a gateway, tried by encoders that are processes. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class SmokeE2ECase {
  private static final String KEY = "sesame-sesame";

  @TempDir private Path directory;

  @Test
  void shouldPassWhereEverythingWorks() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Configuration options = JobConfiguration.parse("--bootstrap", broker.bootstrap());
      VideoJob.prepareTopics(options);
      try (LocalCluster cluster = new LocalCluster(options);
          Gateway gateway = new Gateway(gateway(broker))) {
        cluster.submit(environment -> VideoJob.buildOnKafka(environment, options));
        gateway.start();
        List<Check> checks =
            new Smoke(
                    new SmokeSettings(
                        broker.bootstrap(),
                        Optional.empty(),
                        Optional.of(
                            new GatewayAddresses(
                                "rtmp://127.0.0.1:%d/live".formatted(gateway.rtmpPort()),
                                "srt://127.0.0.1:" + gateway.srtPort(),
                                KEY)),
                        Optional.empty(),
                        Path.of(System.getProperty("project.root", ".."), "jobs/footage"),
                        line -> {}))
                .run();

        assertThat(checks).hasSize(8).allMatch(Check::passed);
      }
    }
  }

  private GatewayConfiguration gateway(EmbeddedBroker broker) throws Exception {
    String yaml =
        """
        bind: 127.0.0.1
        publishers: [{stream: live/smoke, secret: %s}, {stream: smoke, secret: %s}]
        kafka: {bootstrap: '%s'}
        rtmp: {port: 0}
        srt: {port: 0}
        webrtc: {enabled: false}
        http: {port: 0}
        """
            .formatted(KEY, KEY, broker.bootstrap());
    return GatewayConfiguration.read(Files.writeString(directory.resolve("ingest.yaml"), yaml));
  }
}
