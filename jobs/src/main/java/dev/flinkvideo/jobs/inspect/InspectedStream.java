package dev.flinkvideo.jobs.inspect;

import dev.flinkvideo.ingest.transport.PictureFormat;
import dev.flinkvideo.ingest.transport.Rational;
import dev.flinkvideo.protocol.StreamFormat;

/**
 * What the container says.
 *
 * @param startTimeUs when the earliest stream starts, or {@code EncodedUnit.NO_TIME}
 */
record InspectedStream(
    String file,
    String container,
    StreamFormat format,
    PictureFormat picture,
    Rational frameRate,
    long startTimeUs) {}
