package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.JsonRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** As README shows it, but for the port and the pace. */
@EnabledOnOs(OS.LINUX)
@Timeout(240)
class FourTerminalsE2ECase {
  private static final Path CARS =
      Path.of(System.getProperty("project.root", ".."), "jobs/footage/car-detection.mp4");
  private static final int CARS_FRAMES = 377;

  @TempDir private Path directory;

  @Test
  void shouldWorkTogether() throws Exception {
    try (Launched broker = Launched.start(directory, "broker", "--port", "0")) {
      String ready = broker.awaitLine("kafka ready at ");
      String bootstrap = ready.substring(ready.lastIndexOf(' ') + 1);
      try (Launched run =
          Launched.start(directory, "run", "--bootstrap", bootstrap, "--observe", "frame")) {
        run.awaitLine("job running on kafka");
        publish(bootstrap);
        List<FrameObservation> seen = tail(bootstrap);

        assertThat(seen).hasSize(CARS_FRAMES);
        assertThat(seen).allMatch(frame -> frame.session().equals("cars"));
        assertThat(seen)
            .extracting(FrameObservation::timeNs)
            .isSorted()
            .doesNotHaveDuplicates()
            .startsWith(0L)
            .endsWith((CARS_FRAMES - 1) * 80_000_000L);

        run.interrupt();
        run.assertEndsCleanly();
      }
      broker.interrupt();
      broker.assertEndsCleanly();
    }
  }

  @Test
  void shouldSayThatThereIsNoKafkaWhereTheConfigurationHasIt() throws Exception {
    Path config = Files.writeString(directory.resolve("job.yaml"), "job.bootstrap: 127.0.0.1:1");
    try (Launched run = Launched.start(directory, "run", "--config", config.toString())) {
      run.assertFails(1, "bootstrap=127.0.0.1:1");
    }
  }

  private void publish(String bootstrap) throws Exception {
    try (Launched publish =
        Launched.start(
            directory, "publish", CARS.toString(), "--session", "cars", "--bootstrap", bootstrap)) {
      publish.assertEndsCleanly();
      assertThat(publish.lines())
          .singleElement()
          .asString()
          .startsWith("published 377 access units of session cars in ");
    }
  }

  private List<FrameObservation> tail(String bootstrap) throws Exception {
    try (Launched tail =
        Launched.start(
            directory,
            "tail",
            "video.observations",
            "--bootstrap",
            bootstrap,
            "--from-beginning",
            "--timeout",
            "8s")) {
      tail.assertEndsCleanly();
      List<FrameObservation> seen = new ArrayList<>();
      for (String line : tail.lines()) {
        byte[] json = line.getBytes(StandardCharsets.UTF_8);
        seen.add((FrameObservation) JsonRecords.readObservation(json));
      }
      return seen;
    }
  }
}
