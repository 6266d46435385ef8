package dev.flinkvideo.benchmarks;

import java.util.List;

/** What the task thread with the decoder is doing, told by its stack from the innermost call on. */
enum TaskPart {
  DECODE("decode", "dev.flinkvideo.operators.decode.VideoDecoder"),
  JUDGE("judge", "dev.flinkvideo.operators.analyze"),
  WRITE(
      "write observations and events",
      "dev.flinkvideo.protocol.JsonRecords",
      "org.apache.flink.connector.kafka.sink",
      "org.apache.flink.streaming.runtime.operators.sink"),
  OBSERVE("make observations, count", "dev.flinkvideo.operators.decode"),
  ADMIT("admit: read segments, state", "dev.flinkvideo.operators.admission"),
  SHUFFLE("shuffle: copy records in", "org.apache.flink.streaming.runtime.io"),
  REST("rest");

  private final String title;
  private final List<String> classPrefixes;

  TaskPart(String title, String... classPrefixes) {
    this.title = title;
    this.classPrefixes = List.of(classPrefixes);
  }

  String title() {
    return title;
  }

  static TaskPart of(StackTraceElement[] stack) {
    for (StackTraceElement call : stack) {
      for (TaskPart part : values()) {
        if (part.classPrefixes.stream().anyMatch(call.getClassName()::startsWith)) {
          return part;
        }
      }
    }
    return REST;
  }
}
