package dev.flinkvideo.benchmarks;

import java.util.List;

/**
 * What the threads of this process are for, told by their names. The first that fits counts; the
 * last has no name of its own.
 */
enum Stage {
  DECODE_TASK("task: admission, decode, judge, write", "admission "),
  SOURCE_TASK("task: source", "Source: segments"),
  FETCHER("Kafka consumer (fetcher)", "Source Data Fetcher"),
  PRODUCER("Kafka producer network", "kafka-producer"),
  KAFKA("Kafka, other", "kafka-"),
  RECORDER("flight recorder (gcPause metrics)", "JFR "),
  BENCHMARK("benchmark itself (not counted)", "main", "stage samples"),
  FLINK(
      "Flink: checkpoints, RPC, timers, network",
      "flink",
      "Flink",
      "jobmanager",
      "Checkpoint",
      "AsyncOperations",
      "Async",
      "Channel state",
      "cluster-io",
      "mini-cluster",
      "Time Trigger",
      "OutputFlusher",
      "SourceCoordinator",
      "DeclarativeSlotPoolService",
      "IOManager",
      "ForkJoinPool",
      "pekko"),
  OTHER_JAVA("Java, other"),

  // Threads of the virtual machine and of native libraries, which Java does not list.
  COLLECTOR("JVM: collector", "GC Thread", "G1 "),
  COMPILER("JVM: compiler", "C1 Compiler", "C2 Compiler", "Sweeper"),
  ROCKSDB("RocksDB background", "rocksdb"),
  OTHER_NATIVE("JVM and native, other");

  private final String title;
  private final List<String> prefixes;

  Stage(String title, String... prefixes) {
    this.title = title;
    this.prefixes = List.of(prefixes);
  }

  String title() {
    return title;
  }

  boolean isJava() {
    return compareTo(OTHER_JAVA) <= 0;
  }

  static Stage ofJava(String thread) {
    return of(thread, /* java= */ true, OTHER_JAVA);
  }

  static Stage ofNative(String thread) {
    return of(thread, /* java= */ false, OTHER_NATIVE);
  }

  private static Stage of(String thread, boolean java, Stage other) {
    for (Stage stage : values()) {
      if (stage.isJava() == java && stage.prefixes.stream().anyMatch(thread::startsWith)) {
        return stage;
      }
    }
    return other;
  }
}
