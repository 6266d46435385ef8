package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.jobs.plan.Demand;
import dev.flinkvideo.jobs.plan.Plan;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plan}: slots, memory and bandwidth for so many sessions, with the arithmetic. */
@Command(
    footer = {
      "",
      "For H.264 on cores like those of docs/benchmarks.md; docs/sizing.md says what it was measured with.",
      "",
      "Example:",
      "  flink-video plan --sessions 9 --width 1280 --height 720 --fps 25 --kbps 3000"
    })
final class PlanCommand implements Callable<Integer> {
  /** Flink's own bound. */
  private static final int MOST_SUBTASKS = 1 << 15;

  @Spec private CommandSpec spec;

  @Option(names = "--sessions", paramLabel = "N", required = true, description = "How many.")
  private int sessions;

  @Option(names = "--width", paramLabel = "PX", required = true, description = "Of the picture.")
  private int widthPx;

  @Option(names = "--height", paramLabel = "PX", required = true, description = "Of the picture.")
  private int heightPx;

  @Option(names = "--fps", paramLabel = "N", required = true, description = "Pictures a second.")
  private double fps;

  @Option(names = "--kbps", paramLabel = "N", required = true, description = "Encoded kbit/s.")
  private double kbps;

  @Option(
      names = "--key-interval",
      paramLabel = "T",
      defaultValue = "2s",
      converter = DurationConverter.class,
      description = "From key frame to key frame (default: ${DEFAULT-VALUE}).")
  private Duration keyInterval;

  @Option(
      names = "--slots-per-taskmanager",
      paramLabel = "N",
      defaultValue = "4",
      description = "Cores of a TaskManager (default: ${DEFAULT-VALUE}).")
  private int slotsPerTaskManager;

  PlanCommand() {}

  @Override
  public Integer call() throws UnusableInputException {
    Plan plan;
    try {
      Demand demand =
          new Demand(sessions, widthPx, heightPx, fps, kbps, keyInterval.toMillis() / 1e3);
      plan = Plan.of(demand, Math.max(1, slotsPerTaskManager));
    } catch (IllegalArgumentException e) {
      throw new UnusableInputException(e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(plan.arithmetic());
    if (plan.needsMaxParallelism()) {
      out.printf(
          "%nMore than 128 slots: set pipeline.max-parallelism (say %d) before the first start; it cannot be changed later.%n",
          Math.min(Integer.highestOneBit(plan.slots() * 4), MOST_SUBTASKS));
    }
    if (plan.sessionsPerSlot() < 1) {
      out.printf("%nOne session takes more than a core: it will lose pictures (docs/memory.md).%n");
    }
    out.flush();
    return 0;
  }
}
