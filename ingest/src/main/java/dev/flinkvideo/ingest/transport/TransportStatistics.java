package dev.flinkvideo.ingest.transport;

import java.util.Optional;

/**
 * What a connection brought since it opened.
 *
 * @param videoBytes of all access units together
 * @param passedOver packets that are no video: sound, data
 * @param link of the path to the peer, where the protocol measures it
 */
public record TransportStatistics(
    long videoBytes,
    long accessUnits,
    long keyFrames,
    long passedOver,
    Optional<LinkStatistics> link) {}
