package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.protocol.SourceSpecification;

/** Makes the transport of a source that we call. Does not connect it. */
@FunctionalInterface
interface PullOpener {
  /**
   * @throws IllegalArgumentException if this gateway cannot; the message says why
   */
  LiveTransport open(SourceSpecification source);
}
