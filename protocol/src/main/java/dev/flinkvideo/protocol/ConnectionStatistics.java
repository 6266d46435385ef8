package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How a connection does: over the last second unless said otherwise. Null where the transport does
 * not tell.
 *
 * @param silentMs since its last access unit, so that no two clocks are compared
 * @param accessUnits since it opened
 * @param keyFrames since it opened: with one or more, it could go live
 * @param keyFrameIntervalMs between the last two, or since the last one if that is longer
 * @param rttMs round trip of the transport
 * @param lossShare of the packets sent, those that did not come even when asked for again
 * @param lateMs from capture to arrival, by the source's clock
 * @param droppedSegments since it opened: what Kafka was away too long for, or did not take
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionStatistics(
    long silentMs,
    long accessUnits,
    long keyFrames,
    Long bitrateBps,
    Double framesPerSecond,
    Long keyFrameIntervalMs,
    Double rttMs,
    Double lossShare,
    Long lateMs,
    Long droppedSegments) {

  public ConnectionStatistics withDroppedSegments(long dropped) {
    return new ConnectionStatistics(
        silentMs,
        accessUnits,
        keyFrames,
        bitrateBps,
        framesPerSecond,
        keyFrameIntervalMs,
        rttMs,
        lossShare,
        lateMs,
        dropped);
  }
}
