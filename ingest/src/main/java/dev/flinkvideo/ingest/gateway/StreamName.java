package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;

/** What a publisher publishes: {@code live/lobby} over RTMP. */
record StreamName(SourceTransport transport, String stream) {
  static StreamName of(SourceSpecification pushed) {
    return new StreamName(pushed.transport(), pushed.streamKey());
  }
}
