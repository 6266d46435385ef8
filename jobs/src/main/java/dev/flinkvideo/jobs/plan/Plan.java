package dev.flinkvideo.jobs.plan;

/**
 * What a {@link Demand} takes. The constants are measured (docs/sizing.md says where); the rest is
 * arithmetic, which {@link #arithmetic} shows.
 *
 * @param cpuMsPerFrame of the whole job
 * @param sessionsPerSlot that one core decodes
 * @param managedBytesPerTaskManager frames and RocksDB
 * @param checkpointBytes of all sessions together
 * @param topicBytesPerSecond that come in on {@code video.segments}
 */
public record Plan(
    Demand demand,
    int slotsPerTaskManager,
    double cpuMsPerFrame,
    double sessionsPerSlot,
    int slots,
    int taskManagers,
    long frameBytesPerSession,
    long managedBytesPerTaskManager,
    long heapBytesPerTaskManager,
    long processBytesPerTaskManager,
    long checkpointBytes,
    long topicBytesPerSecond,
    int partitions,
    int gateways) {
  /** Decoding and judging H.264: solved from DecodeBenchmark's 720p and 1080p. */
  static final double MS_PER_MEGAPIXEL = 1.486;

  static final double MS_PER_KILOBYTE = 0.0807;

  /** PipelineBenchmark, times a bare decoder, over DecodeBenchmark's the same: 1.282 / 1.036. */
  static final double WHOLE_JOB = 1.24;

  /** What fidelity.target-load leaves of a slot's time. */
  static final double TARGET_LOAD = 0.85;

  /** Leased by the demo's four sessions, per pixel: slots of H.264, and memory of the codec. */
  static final double FRAME_BYTES_PER_PIXEL = 16;

  /** The OPERATOR share of managed memory in config/flink/config.yaml. */
  static final double FRAMES_SHARE = 0.7;

  /** Of a session beside its encoded prefix: what analyzers compare with, time line, alarms. */
  static final long STATE_BYTES_PER_SESSION = 100_000;

  static final long LEAST_HEAP_BYTES = 512L << 20;
  static final long METASPACE_BYTES = 256L << 20;

  /** Flink takes 10 % for the network and 10 % for the JVM. */
  static final double LEFT_OF_PROCESS = 0.8;

  /** Flink's default; more subtasks need pipeline.max-parallelism before the first start. */
  static final int MAX_PARALLELISM = 128;

  /** limits.connections of a gateway is 500; some are standbys. */
  static final int SESSIONS_PER_GATEWAY = 400;

  private static final int LEAST_PARTITIONS = 4;
  private static final double MIB = 1 << 20;

  public static Plan of(Demand demand, int slotsPerTaskManager) {
    double ms =
        WHOLE_JOB
            * (MS_PER_MEGAPIXEL * demand.megapixels()
                + MS_PER_KILOBYTE * demand.encodedKilobytesPerFrame());
    double sessionsPerSlot = TARGET_LOAD * 1000 / (demand.framesPerSecond() * ms);
    int slots = ceil(demand.sessions() / sessionsPerSlot);
    int taskManagers = ceil(slots / (double) slotsPerTaskManager);
    double perTaskManager = demand.sessions() / (double) taskManagers;
    long frameBytes = (long) (FRAME_BYTES_PER_PIXEL * demand.megapixels() * 1e6);
    long managed = (long) (perTaskManager * frameBytes / FRAMES_SHARE);
    long prefix = (long) (demand.kilobitsPerSecond() * 125 * demand.keyFrameSeconds());
    long heap = LEAST_HEAP_BYTES + (long) (perTaskManager * prefix);
    long process = (long) ((managed + heap) / LEFT_OF_PROCESS) + METASPACE_BYTES;
    return new Plan(
        demand,
        slotsPerTaskManager,
        ms,
        sessionsPerSlot,
        slots,
        taskManagers,
        frameBytes,
        managed,
        heap,
        process,
        demand.sessions() * (prefix / 2 + STATE_BYTES_PER_SESSION),
        (long) (demand.sessions() * demand.kilobitsPerSecond() * 125),
        Math.max(LEAST_PARTITIONS, slots),
        ceil(demand.sessions() / (double) SESSIONS_PER_GATEWAY));
  }

  /** Whether Flink must be told before the first start that there may be so many subtasks. */
  public boolean needsMaxParallelism() {
    return slots > MAX_PARALLELISM;
  }

  /** Line by line, how it comes about. */
  public String arithmetic() {
    String lines =
        """
        a picture     %d x %d = %.2f megapixels, %.1f kB encoded
        its CPU       %.2f x (%.3f ms x %.2f megapixels + %.4f ms x %.1f kB) = %.2f ms
        a slot        %.0f %% of 1000 ms / (%.4g pictures/s x %.2f ms) = %.1f sessions (a slot is a core)
        slots         %d sessions / %.1f = %d
        TaskManagers  %d slots / %d = %d
          managed     %.0f sessions x %.1f MiB of frames / %.1f = %.0f MiB each
          heap        %.0f MiB + %.0f sessions x %.2f MiB since the last key frame = %.0f MiB each
          process     (managed + heap) / %.1f + %.0f MiB of classes = %.0f MiB each
        checkpoint    %d sessions x (half of %.2f MiB + %.2f MiB) = %.0f MiB
        Kafka         %d sessions x %.0f kbit/s = %.1f MB/s in, as much out to the job, x replicas on disk, %.0f GB an hour
        partitions    of video.segments, one a slot or more: %d
        gateways      %d sessions / %d = %d
        """;
    return lines.formatted(
        demand.widthPx(),
        demand.heightPx(),
        demand.megapixels(),
        demand.encodedKilobytesPerFrame(),
        WHOLE_JOB,
        MS_PER_MEGAPIXEL,
        demand.megapixels(),
        MS_PER_KILOBYTE,
        demand.encodedKilobytesPerFrame(),
        cpuMsPerFrame,
        TARGET_LOAD * 100,
        demand.framesPerSecond(),
        cpuMsPerFrame,
        sessionsPerSlot,
        demand.sessions(),
        sessionsPerSlot,
        slots,
        slots,
        slotsPerTaskManager,
        taskManagers,
        perTaskManager(),
        frameBytesPerSession / MIB,
        FRAMES_SHARE,
        managedBytesPerTaskManager / MIB,
        LEAST_HEAP_BYTES / MIB,
        perTaskManager(),
        prefixMib(),
        heapBytesPerTaskManager / MIB,
        LEFT_OF_PROCESS,
        METASPACE_BYTES / MIB,
        processBytesPerTaskManager / MIB,
        demand.sessions(),
        prefixMib(),
        STATE_BYTES_PER_SESSION / MIB,
        checkpointBytes / MIB,
        demand.sessions(),
        demand.kilobitsPerSecond(),
        topicBytesPerSecond / 1e6,
        topicBytesPerSecond * 3600 / 1e9,
        partitions,
        demand.sessions(),
        SESSIONS_PER_GATEWAY,
        gateways);
  }

  private double perTaskManager() {
    return demand.sessions() / (double) taskManagers;
  }

  private double prefixMib() {
    return demand.kilobitsPerSecond() * 125 * demand.keyFrameSeconds() / MIB;
  }

  private static int ceil(double value) {
    return (int) Math.ceil(value);
  }
}
