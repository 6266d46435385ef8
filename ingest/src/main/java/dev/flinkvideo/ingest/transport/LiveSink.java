package dev.flinkvideo.ingest.transport;

import dev.flinkvideo.protocol.StreamFormat;

/** Takes what one connection brings, in its thread. May block it, which the peer then feels. */
public interface LiveSink {
  /** The peer is there and was let in; pictures may follow. Once, before anything else. */
  void opened();

  /** How the units that follow are encoded. Before the first of them and at each change. */
  void format(StreamFormat format);

  /** The next access unit in decoding order. */
  void add(LiveUnit unit);
}
