package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LiveSink;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.ingest.transport.TransportStatistics;
import java.util.Optional;

/** Of a source that this gateway cannot open: ends before it begins, with the reason. */
record UnopenableTransport(String why) implements LiveTransport {
  @Override
  public Ending read(LiveSink sink) {
    return new Ending(EndReason.REFUSED, why);
  }

  @Override
  public void stop() {
    // it never runs
  }

  @Override
  public TransportStatistics statistics() {
    return new TransportStatistics(0, 0, 0, 0, Optional.empty());
  }
}
