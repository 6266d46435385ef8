package dev.flinkvideo.operators.kafka;

import dev.flinkvideo.protocol.RejectReason;

/**
 * A record that could not be read, on its way to {@code video.rejected}: the value as found, the
 * reason beside it.
 */
public record RejectedRecord(SegmentRecord record, RejectReason reason, String message) {}
