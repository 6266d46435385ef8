package dev.flinkvideo.ingest.transport;

/**
 * What a protocol over UDP knows of the path, since the connection opened.
 *
 * @param lost packets that did not come at first
 * @param retransmitted packets that came again on our request
 * @param dropped packets given up because they were too late
 * @param refused packets that were forged, or had been there before and were sent again by somebody
 *     who listens in; 0 where the protocol keeps it to itself
 */
public record LinkStatistics(
    double roundTripMs, long received, long lost, long retransmitted, long dropped, long refused) {}
