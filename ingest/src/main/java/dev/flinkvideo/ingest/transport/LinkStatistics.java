package dev.flinkvideo.ingest.transport;

/**
 * What a protocol over UDP knows of the path, since the connection opened.
 *
 * @param lost packets that did not come at first
 * @param retransmitted packets that came again on our request
 * @param dropped packets given up because they were too late
 */
public record LinkStatistics(
    double roundTripMs, long received, long lost, long retransmitted, long dropped) {}
