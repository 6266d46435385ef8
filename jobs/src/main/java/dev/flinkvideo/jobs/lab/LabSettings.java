package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.cluster.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How an experiment is to be run. Each takes of it what concerns it.
 *
 * @param report directory for what it writes, the logs of its processes included
 * @param clip the user's own footage in place of ours
 * @param seed of all that is random
 * @param kills of TaskManagers
 * @param duration of what has no end of its own
 * @param outage of all sources at once
 * @param transport of the sources that fail
 * @param moments at which each thing is done to a real source
 * @param progress takes a line now and then for whoever waits
 */
public record LabSettings(
    Installation installation,
    Path report,
    Optional<Path> clip,
    long seed,
    int kills,
    Delivery delivery,
    Duration duration,
    Duration outage,
    Transport transport,
    int moments,
    Consumer<String> progress) {
  /** Whether sources and gateways are programs on sockets, or played in this process. */
  public enum Transport {
    simulated,
    real
  }

  private static final List<String> FOOTAGE =
      List.of("car-detection.mp4", "one-by-one-person-detection.mp4", "bottle-detection.mp4");

  /** The user's clip, or ours. */
  public List<Path> clips() throws IOException {
    if (clip.isPresent()) {
      return List.of(clip.get());
    }
    Path footage = installation.footage();
    return FOOTAGE.stream().map(footage::resolve).toList();
  }

  /** Where the processes of an experiment log. */
  public Path logs(Experiment experiment) {
    return report.resolve(experiment.name() + "-logs");
  }

  public void say(String format, Object... arguments) {
    progress.accept(format.formatted(arguments));
  }
}
