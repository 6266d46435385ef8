package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.ingest.transport.FileSource;
import dev.flinkvideo.ingest.transport.UnreadableMediaException;
import dev.flinkvideo.jobs.JobOptions.Delivery;
import dev.flinkvideo.jobs.cluster.Installation;
import dev.flinkvideo.jobs.lab.Experiment;
import dev.flinkvideo.jobs.lab.Experiments;
import dev.flinkvideo.jobs.lab.LabReport;
import dev.flinkvideo.jobs.lab.LabSettings;
import dev.flinkvideo.jobs.lab.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab}: lists and runs the experiments. */
@Command(
    footer = {
      "",
      "Examples:",
      "  flink-video lab list",
      "  flink-video lab run recovery --kills 5 --delivery exactly-once",
      "  flink-video lab run soak --duration 1h --clip mine.mp4 --report out"
    })
final class LabCommand implements Runnable {
  @Spec private CommandSpec spec;

  LabCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list, run");
  }

  @Command(
      name = "list",
      description = "Print the experiments and what each shows.",
      footer = {"", "Example:", "  flink-video lab list"})
  int list() {
    for (Experiment experiment : Experiments.all()) {
      spec.commandLine().getOut().printf("%-10s %s%n", experiment.name(), experiment.description());
    }
    return 0;
  }

  /** Code 0 only if all checks pass. */
  @Command(
      name = "run",
      description = "Run one and write NAME.json, NAME.md and NAME.svg.",
      footer = {
        "",
        "Examples:",
        "  flink-video lab run recovery --kills 5 --delivery exactly-once",
        "  flink-video lab run failover --transport real --seed 1",
        "  flink-video lab run soak --duration 1h --clip mine.mp4 --report out"
      })
  int run(
      @Parameters(paramLabel = "NAME", description = "As 'lab list' prints it.") String name,
      @Option(
              names = "--report",
              paramLabel = "DIR",
              defaultValue = "lab-report",
              description = "Where the report and the logs go (default: ${DEFAULT-VALUE}).")
          Path report,
      @Option(
              names = "--clip",
              paramLabel = "FILE",
              description = "Your own footage (default: the three clips of jobs/footage).")
          Path clip,
      @Option(
              names = "--seed",
              paramLabel = "N",
              description = "Of all that is random, to repeat a run (default: another each time).")
          Long seed,
      @Option(
              names = "--kills",
              paramLabel = "K",
              defaultValue = "3",
              description = "recovery: TaskManagers to kill (default: ${DEFAULT-VALUE}).")
          int kills,
      @Option(
              names = "--delivery",
              paramLabel = "at-least-once|exactly-once",
              defaultValue = "at-least-once",
              description = "recovery: of the job (default: ${DEFAULT-VALUE}).")
          Delivery delivery,
      @Option(
              names = "--duration",
              paramLabel = "T",
              defaultValue = "10m",
              converter = DurationConverter.class,
              description = "soak: how long (default: ${DEFAULT-VALUE}).")
          Duration duration,
      @Option(
              names = "--outage",
              paramLabel = "T",
              defaultValue = "100s",
              converter = DurationConverter.class,
              description =
                  "failover: how long all sources of a session are dead (default: ${DEFAULT-VALUE}).")
          Duration outage,
      @Option(
              names = "--transport",
              paramLabel = "simulated|real",
              defaultValue = "simulated",
              description =
                  "failover: sources and gateways in this process, or ffmpeg and gateway processes"
                      + " (default: ${DEFAULT-VALUE}).")
          LabSettings.Transport transport,
      @Option(
              names = "--moments",
              paramLabel = "N",
              defaultValue = "10",
              description =
                  "failover --transport real: how often a source is killed, and stalled"
                      + " (default: ${DEFAULT-VALUE}).")
          int moments)
      throws Exception {
    Experiment experiment = experiment(name);
    if (moments < 1) {
      throw new UnusableInputException("--moments %d: give 1 or more".formatted(moments));
    }
    check(clip);
    Files.createDirectories(report); // says now, not after the run, that it cannot be written
    long chosenSeed = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
    PrintWriter err = spec.commandLine().getErr();
    LabSettings settings =
        new LabSettings(
            Installation.ofLauncher(),
            report,
            Optional.ofNullable(clip),
            chosenSeed,
            kills,
            delivery,
            duration,
            outage,
            transport,
            moments,
            err::println);
    Outcome outcome = experiment.run(settings);
    LabReport result = LabReport.of(experiment, outcome, command(seed, chosenSeed));
    result.write(report, experiment, outcome);
    print(result);
    return result.passed() ? 0 : 1;
  }

  private Experiment experiment(String name) throws UnusableInputException {
    return Experiments.named(name)
        .orElseThrow(
            () ->
                new UnusableInputException(
                    "no experiment '%s': there are %s"
                        .formatted(
                            name,
                            Experiments.all().stream()
                                .map(Experiment::name)
                                .collect(Collectors.joining(", ")))));
  }

  private static void check(Path clip) throws IOException, UnusableInputException {
    if (clip == null) {
      return;
    }
    try {
      new FileSource(clip).close();
    } catch (UnreadableMediaException e) {
      throw new UnusableInputException(e.getMessage(), e);
    }
  }

  /** As it was typed, with the seed that was chosen. */
  private String command(Long seed, long chosenSeed) {
    String typed = String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    return "flink-video " + typed + (seed == null ? " --seed " + chosenSeed : "");
  }

  private void print(LabReport report) {
    PrintWriter out = spec.commandLine().getOut();
    report.checks().forEach(check -> out.println(check.line()));
    out.println(report.name() + (report.passed() ? " passed" : " failed"));
  }
}
