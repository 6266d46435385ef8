package dev.flinkvideo.operators.decode;

import org.apache.flink.configuration.ReadableConfig;

/**
 * How much encoded video the sessions of a subtask may keep to be recoverable, each and together.
 * It lies on the heap, as Kafka delivered it. Task thread only; the figure may be read from any.
 */
final class PrefixBudget {
  private final long sessionBytes;
  private final long sessionNs;
  private final long totalBytes;
  private volatile long usedBytes;

  PrefixBudget(ReadableConfig options) {
    this.sessionBytes = options.get(DecodeOptions.PREFIX_MAX_SIZE).getBytes();
    this.sessionNs = options.get(DecodeOptions.PREFIX_MAX_DURATION).toNanos();
    this.totalBytes = options.get(DecodeOptions.PREFIX_MAX_TOTAL_SIZE).getBytes();
  }

  /** No session is meant to be recoverable before its next key frame. */
  boolean keepsNothing() {
    return sessionBytes == 0;
  }

  /** Why a session may not keep this much, with the remedy; null if it may. */
  String refusal(long bytes, long mediaNs) {
    if (bytes > sessionBytes) {
      return "%d bytes since the last key frame are more than %s=%d"
          .formatted(bytes, DecodeOptions.PREFIX_MAX_SIZE.key(), sessionBytes);
    }
    if (mediaNs > sessionNs) {
      return "%d ms since the last key frame are more than %s=%d ms"
          .formatted(
              mediaNs / 1_000_000, DecodeOptions.PREFIX_MAX_DURATION.key(), sessionNs / 1_000_000);
    }
    if (usedBytes > totalBytes) {
      return "%d bytes of all sessions of this subtask are more than %s=%d"
          .formatted(usedBytes, DecodeOptions.PREFIX_MAX_TOTAL_SIZE.key(), totalBytes);
    }
    return null;
  }

  void charge(long bytes) {
    usedBytes += bytes; // written by the task thread alone
  }

  /** Bytes that all sessions keep now. */
  long usedBytes() {
    return usedBytes;
  }
}
