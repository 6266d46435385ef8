package dev.flinkvideo.jobs.demo;

import dev.flinkvideo.jobs.local.LocalMetrics;
import dev.flinkvideo.operators.decode.DecodeMetrics;
import dev.flinkvideo.operators.metrics.CumulativeBuckets;
import dev.flinkvideo.operators.metrics.GcPauses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.flink.runtime.util.EnvironmentInformation;

/** What a run of the demo came to; its JSON is a contract. */
public record DemoReport(
    List<Session> sessions, Map<String, Latency> latencyMs, Memory memory, Gc gc, Host host) {

  /** One session; {@code framesIn} were published, {@code framesOut} observed. */
  public record Session(
      String session,
      long framesIn,
      long framesOut,
      long segments,
      Map<String, Long> drops,
      List<Alarm> alarms) {}

  /** Session times in nanoseconds: bad since, raised, and cleared (null if it was not). */
  public record Alarm(String kind, long sinceNs, long raisedAtNs, Long clearedAtNs) {}

  /** Of one stage, over all pictures. */
  public record Latency(double p50, double p95, double p99, double max) {}

  /** The frame pools of all subtasks. */
  public record Memory(long budgetBytes, long peakBytes, long framesOutstanding) {}

  /** Stop-the-world pauses of the whole process, and the heap that a task allocates per picture. */
  public record Gc(long collections, double pauseMs, double maxPauseMs, long heapBytesPerFrame) {}

  /** Where it ran. */
  public record Host(int cpus, String javaVersion, String flinkVersion) {}

  static DemoReport of(List<DemoSession> played, Seen seen) {
    return new DemoReport(
        played.stream().map(session -> session(session, seen)).toList(),
        latency(seen.latencyUs()),
        readMemory(),
        readGc(),
        new Host(
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"),
            EnvironmentInformation.getVersion()));
  }

  static Memory readMemory() {
    return new Memory(
        LocalMetrics.sum(DecodeMetrics.POOL_SIZE_BYTES),
        LocalMetrics.sum(DecodeMetrics.POOL_PEAK_BYTES),
        LocalMetrics.sum(DecodeMetrics.FRAMES_OUTSTANDING));
  }

  /** Every subtask reports the pauses of the whole process. */
  static Gc readGc() {
    return new Gc(
        LocalMetrics.max(GcPauses.GROUP, CumulativeBuckets.COUNT),
        LocalMetrics.max(GcPauses.GROUP, CumulativeBuckets.SUM_US) / 1000.0,
        LocalMetrics.max(GcPauses.GROUP, CumulativeBuckets.MAX_US) / 1000.0,
        LocalMetrics.max(DecodeMetrics.HEAP_BYTES_PER_FRAME));
  }

  private static Session session(DemoSession played, Seen seen) {
    synchronized (seen) {
      SeenSession out = seen.session(played.name());
      return new Session(
          played.name(),
          played.framesIn(),
          out.framesOut(),
          played.segments(),
          out.drops(),
          out.alarms().stream()
              .map(a -> new Alarm(a.kind(), a.sinceNs(), a.raisedAtNs(), a.clearedAtNs()))
              .toList());
    }
  }

  private static Map<String, Latency> latency(Map<String, Histogram> stages) {
    Map<String, Latency> latencies = new LinkedHashMap<>();
    stages.forEach(
        (stage, us) ->
            latencies.put(
                stage,
                new Latency(
                    us.getValueAtPercentile(50) / 1000.0,
                    us.getValueAtPercentile(95) / 1000.0,
                    us.getValueAtPercentile(99) / 1000.0,
                    us.getMaxValue() / 1000.0)));
    return latencies;
  }
}
