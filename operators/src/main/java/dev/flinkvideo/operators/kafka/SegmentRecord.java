package dev.flinkvideo.operators.kafka;

/**
 * A Kafka record of the segments topic as it was fetched: not parsed yet, so that what cannot be
 * read is rejected where its session is known, and the payload crosses the shuffle as one array.
 *
 * @param session the Kafka key; empty if the record had none
 * @param contentType the header, empty if the record had none
 * @param partition with {@code offset} where it lies in the topic
 * @param appendUs the record's time stamp, in microseconds since 1970
 * @param fetchUs when the source got it
 * @param value as found; never changed
 */
public record SegmentRecord(
    String session,
    String contentType,
    int partition,
    long offset,
    long appendUs,
    long fetchUs,
    byte[] value) {}
