package dev.flinkvideo.ingest.transport.webrtc.picture;

/**
 * A whole access unit.
 *
 * @param timestamp of its packets, counted on beyond 32 bits
 * @param key decoding can start here
 */
public record Picture(byte[] data, long timestamp, boolean key) {}
