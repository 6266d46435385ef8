package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * A job of an experiment: reads the segments that all of them read, writes topics of its own.
 *
 * @param name its consumer group, and the prefix of what it writes
 * @param further options of the job, as {@code --key value}
 */
public record JobUnderTest(String name, Delivery delivery, List<String> further) {
  /**
   * Judges every picture with its checksum, however late, and leaves what decoders hold back to the
   * end of the run: when a stall would make them give it depends on the clock.
   */
  public static JobUnderTest exact(String name, Delivery delivery) {
    return new JobUnderTest(
        name,
        delivery,
        List.of(
            "--observe",
            "frame",
            "--picture-md5",
            "true",
            "--decode.sessions",
            "complete",
            "--admission.stall-after",
            "1h"));
  }

  public JobUnderTest with(String... options) {
    List<String> all = new ArrayList<>(further);
    all.addAll(List.of(options));
    return new JobUnderTest(name, delivery, all);
  }

  /** Where it writes. */
  public Topics written() {
    return new Topics(name + ".");
  }

  List<String> arguments(String bootstrap) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bootstrap",
                bootstrap,
                "--job.group",
                name,
                "--topics.output-prefix",
                written().prefix(),
                "--delivery",
                delivery.toString()));
    arguments.addAll(further);
    return arguments;
  }
}
