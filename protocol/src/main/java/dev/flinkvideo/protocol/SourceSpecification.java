package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One way a feed comes in. It is either pulled (it has an {@code endpoint}, and the gateway calls)
 * or pushed (it has a {@code streamKey}, and a publisher calls the gateway).
 *
 * @param name unique within the session; carried by its segments, observations and reports
 * @param endpoint what a gateway opens: {@code rtmp://}, {@code rtmps://}, {@code srt://}, {@code
 *     https://} of a WHEP endpoint, or {@code file:}; null if it is pushed
 * @param streamKey what a publisher presents: the path {@code app/key} of RTMP, the {@code
 *     streamid} of SRT, what follows {@code /whip/} in a WHIP address; null if it is pulled
 * @param credential the name of an entry in the gateway's own configuration (pass phrase, bearer
 *     token): secrets are not on a topic; null if it needs none
 * @param latencyMs how long the transport may wait for what was lost on the way (SRT's latency, the
 *     jitter buffer of WebRTC); null for the transport's default
 * @param standby whether it may be kept open as a warm standby; null means it may
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SourceSpecification(
    String name,
    SourceTransport transport,
    String endpoint,
    String streamKey,
    String credential,
    Long latencyMs,
    Boolean standby) {

  public static SourceSpecification pull(String name, SourceTransport transport, String endpoint) {
    return new SourceSpecification(name, transport, endpoint, null, null, null, null);
  }

  public static SourceSpecification push(String name, SourceTransport transport, String streamKey) {
    return new SourceSpecification(name, transport, null, streamKey, null, null, null);
  }

  /** A publisher calls the gateway, which can only wait for it. */
  @JsonIgnore
  public boolean isPushed() {
    return streamKey != null;
  }

  @JsonIgnore
  public boolean mayStandBy() {
    return standby == null || standby;
  }
}
