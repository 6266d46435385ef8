package dev.flinkvideo.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What the whole job costs beside a bare decoder: one slot, segments already in a Kafka in another
 * process, read as fast as they go.
 *
 * <pre>
 *   round | bare | job starts | 25 % .. measured .. 95 % | job ends | bare |  next round
 * </pre>
 */
@Command(
    name = "pipeline",
    mixinStandardHelpOptions = true,
    description = "CPU time per frame of the whole job, by stage.",
    footer = {"", "Example:", "  benchmarks/run.sh pipeline --observe frame --json pipeline.json"})
public final class PipelineBenchmark implements Callable<Integer> {
  private static final double MAX_RATIO = 1.25;
  private static final int CLIP_FRAMES = 300;

  @Spec private CommandSpec spec;

  @Mixin private Reporting reporting;

  @Option(
      names = "--clip",
      paramLabel = "FILE",
      description = "Measure this instead of the 720p clip made from the footage.")
  private Path file;

  @Option(
      names = "--sessions",
      defaultValue = "8",
      description = "Sessions in Kafka (default: ${DEFAULT-VALUE}).")
  private int sessions;

  @Option(
      names = "--frames",
      defaultValue = "1500",
      description = "Frames of each session (default: ${DEFAULT-VALUE}).")
  private int framesPerSession;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Measured rounds (default: ${DEFAULT-VALUE}); in one more, stacks are sampled.")
  private int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "2",
      description = "Rounds before them (default: ${DEFAULT-VALUE}).")
  private int warmUpRounds;

  @Option(
      names = "--observe",
      paramLabel = "frame|1s",
      defaultValue = "1s",
      description = "What the job is asked to observe (default: ${DEFAULT-VALUE}).")
  private String observe;

  PipelineBenchmark() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PipelineBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Host.describe());
    out.flush();
    EncodedClip clip = EncodedClip.read(clip());
    try (BrokerProcess broker = new BrokerProcess();
        BareReference bare = new BareReference(clip, sessions, CLIP_FRAMES / 2)) {
      ClipPublisher.publish(clip.file(), broker.bootstrap(), sessions, framesPerSession);
      PipelineResult result = measure(clip, broker.bootstrap(), bare);
      new PipelineTable(out).print(result);
      reporting.write(result);
    }
    return 0;
  }

  private Path clip() throws IOException {
    return file != null ? file : ClipMaker.of(reporting.home()).clip(ClipMaker.HD, CLIP_FRAMES);
  }

  private PipelineResult measure(EncodedClip clip, String bootstrap, BareReference bare)
      throws Exception {
    List<String> options = List.of("--observe", observe);
    JobRun job = new JobRun(bootstrap, (long) sessions * framesPerSession, options);
    List<JobRun.Window> windows = new ArrayList<>();
    List<BareReference.Measured> references = new ArrayList<>();
    for (int round = 0; round < warmUpRounds; round++) {
      job.measure("warm-up-" + round, /* sampled= */ false);
    }
    BareReference.Measured before = bare.measure();
    for (int round = 0; round < rounds; round++) {
      windows.add(job.measure("round-" + round, /* sampled= */ false));
      BareReference.Measured after = bare.measure();
      references.add(BareReference.Measured.between(before, after));
      before = after;
    }
    JobRun.Window sampled = job.measure("sampled", /* sampled= */ true);
    return PipelineResult.of(
        clip.describe(),
        "%s, %d sessions".formatted(String.join(" ", options), sessions),
        windows,
        references,
        MAX_RATIO,
        sampled.taskSamples());
  }
}
