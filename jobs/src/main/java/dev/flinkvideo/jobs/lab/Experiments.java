package dev.flinkvideo.jobs.lab;

import dev.flinkvideo.jobs.lab.failover.FailoverExperiment;
import dev.flinkvideo.jobs.lab.failover.TransportsExperiment;
import java.util.List;
import java.util.Optional;

/** All experiments, in the order in which {@code lab list} shows them. */
public final class Experiments {
  private static final List<Experiment> ALL =
      List.of(
          new RecoveryExperiment(),
          new OverloadExperiment(),
          new FailoverExperiment(),
          new TransportsExperiment(),
          new SoakExperiment());

  private Experiments() {}

  public static List<Experiment> all() {
    return ALL;
  }

  public static Optional<Experiment> named(String name) {
    return ALL.stream().filter(experiment -> experiment.name().equals(name)).findFirst();
  }
}
