package dev.flinkvideo.benchmarks;

import dev.flinkvideo.jobs.JobConfiguration;
import dev.flinkvideo.jobs.local.LocalCluster;
import dev.flinkvideo.jobs.local.LocalMetrics;
import dev.flinkvideo.operators.kafka.JsonRecordSerializer;
import dev.flinkvideo.operators.session.SessionFunction;
import dev.flinkvideo.operators.session.SessionRecordSerializer;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What sessions cost: so many in RocksDB, each specified, streaming from one source with a second
 * in reserve, then a report for each in turn, as fast as they go, and at last each removed. One
 * slot; records are made in memory and cross a shuffle.
 */
@Command(
    name = "session",
    mixinStandardHelpOptions = true,
    description = "Signals per second and core, state per session, time of a checkpoint.",
    footer = {"", "Example:", "  benchmarks/run.sh session --sessions 1000000 --json session.json"})
public final class SessionBenchmark implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Reporting reporting;

  @Option(
      names = "--sessions",
      defaultValue = "1000000",
      description = "Default: ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Reports for each session (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--checkpoint-interval",
      defaultValue = "10s",
      description = "Default: ${DEFAULT-VALUE}.")
  private String checkpointInterval;

  /**
   * What was measured.
   *
   * @param signalsPerSecondAndCore by the CPU time of the whole process
   * @param checkpointBytesPerSession of a full checkpoint, timers included, as RocksDB compresses
   *     them
   * @param bytesLeftPerSession of the last checkpoint, when all sessions were removed: what RocksDB
   *     has not compacted away yet
   * @param statesLeft sessions that still had state then
   * @param timersLeft timers that still waited then
   */
  record Result(
      int sessions,
      long signals,
      double signalsPerSecond,
      double signalsPerSecondAndCore,
      double checkpointBytesPerSession,
      double checkpointMs,
      double removedPerSecond,
      double bytesLeftPerSession,
      long statesLeft,
      long timersLeft) {}

  SessionBenchmark() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SessionBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Host.describe());
    out.flush();
    Result result = measure();
    out.printf(
        "%,d sessions: %,.0f signals/s, %,.0f signals/s and core, %,.0f bytes a session, checkpoint %,.0f ms%n",
        result.sessions(),
        result.signalsPerSecond(),
        result.signalsPerSecondAndCore(),
        result.checkpointBytesPerSession(),
        result.checkpointMs());
    out.printf(
        "removed: %,.0f sessions/s, %,.1f bytes a session left in the last checkpoint, %d states, %d timers%n",
        result.removedPerSecond(),
        result.bytesLeftPerSession(),
        result.statesLeft(),
        result.timersLeft());
    reporting.write(result);
    return 0;
  }

  private Result measure() throws Exception {
    Configuration options = // a signal for each session takes longer than deadlines allow
        JobConfiguration.parse(
            "--session.connect-within", "1h",
            "--session.first-segment-within", "1h",
            "--session.stall-after", "1h",
            "--session.report-within", "1h",
            "--session.return-after", "1h",
            "--flink.taskmanager.memory.managed.size", "1g");
    SessionSignals signals = new SessionSignals(sessions, rounds);
    try (LocalCluster cluster = new LocalCluster(options)) {
      cluster.submit(environment -> build(environment, options, signals));
      SessionSignals.awaitSteady();
      long startNs = System.nanoTime();
      long startCpuNs = cpuNs();
      SessionSignals.awaitRemoving();
      long removingNs = System.nanoTime();
      double seconds = (removingNs - startNs) / 1e9;
      double cpuSeconds = (cpuNs() - startCpuNs) / 1e9;
      double checkpointBytes = LocalMetrics.max("lastCheckpointFullSize");
      double checkpointMs = LocalMetrics.max("lastCheckpointDuration");
      cluster.awaitEnd();
      long steady = (long) sessions * rounds;
      return new Result(
          sessions,
          steady,
          steady / seconds,
          steady / cpuSeconds,
          checkpointBytes / sessions,
          checkpointMs,
          sessions / ((System.nanoTime() - removingNs) / 1e9),
          (double) LocalMetrics.max("lastCheckpointFullSize") / sessions,
          CountedOperator.STATES_LEFT.sum(),
          CountedOperator.TIMERS_LEFT.sum());
    }
  }

  private void build(
      StreamExecutionEnvironment environment, Configuration options, SessionSignals signals) {
    Configuration flink = new Configuration();
    flink.set(PipelineOptions.OBJECT_REUSE, true);
    flink.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    flink.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    flink.setString(CheckpointingOptions.CHECKPOINTING_INTERVAL.key(), checkpointInterval);
    environment.configure(flink);
    environment
        .fromSequence(0, signals.count() - 1)
        .map(signals, SessionRecordSerializer.TYPE)
        .keyBy(record -> record.session(), Types.STRING)
        .transform(
            "session",
            JsonRecordSerializer.EVENTS,
            new CountedOperator(new SessionFunction(options)))
        .sinkTo(new DiscardingSink<>());
  }

  private static long cpuNs() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
