package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.flinkvideo.protocol.wire.Transport;

/** The protocol of a source. The JSON name of each is part of the format. */
public enum SourceTransport {
  @JsonProperty("rtmp")
  RTMP(Transport.TRANSPORT_RTMP),
  @JsonProperty("srt")
  SRT(Transport.TRANSPORT_SRT),
  @JsonProperty("webrtc")
  WEBRTC(Transport.TRANSPORT_WEBRTC),
  @JsonProperty("file")
  FILE(Transport.TRANSPORT_FILE);

  private final Transport wire;

  SourceTransport(Transport wire) {
    this.wire = wire;
  }

  /** What segments of such a source carry. */
  public Transport wire() {
    return wire;
  }
}
