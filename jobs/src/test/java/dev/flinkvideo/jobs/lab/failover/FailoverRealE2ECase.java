package dev.flinkvideo.jobs.lab.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.cluster.Installation;
import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.jobs.lab.LabSettings;
import dev.flinkvideo.jobs.lab.Outcome;
import dev.flinkvideo.peers.RequiresPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The experiment with real transports, at one moment each; Debian's ffmpeg brings libsrt. */
@RequiresPeer("ffmpeg")
@Timeout(240)
class FailoverRealE2ECase {
  /** Of a run that fails, what the gateways logged and what the job wrote is kept. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void shouldLoseNothingAndDoubleNothingWhenSourcesAndGatewaysAreKilled() throws Exception {
    long seed = Long.getLong("seed", new Random().nextInt(Integer.MAX_VALUE));
    System.out.println("FailoverRealE2ECase: repeat the moments with -Dseed=" + seed);

    Outcome outcome = new RealFailover(settings(seed), directory).run();

    assertThat(outcome.checks())
        .as("records and logs are in %s%n%s", directory, outcome.notes())
        .filteredOn(check -> !check.unit().equals("s")) // how long it took is for the experiment
        .isNotEmpty()
        .allMatch(Check::passed);
  }

  private LabSettings settings(long seed) {
    return new LabSettings(
        new Installation(Path.of(System.getProperty("project.root", ".."))),
        directory,
        Optional.empty(),
        seed,
        /* kills= */ 0,
        Delivery.AT_LEAST_ONCE,
        Duration.ZERO,
        /* outage= */ Duration.ZERO,
        LabSettings.Transport.real,
        /* moments= */ 1,
        line -> {});
  }
}
