package dev.flinkvideo.jobs.inspect;

import dev.flinkvideo.operators.analyze.PictureMeasures;
import dev.flinkvideo.operators.decode.DecodedFrame;

/**
 * One picture as {@link Inspection} saw it; valid during the call.
 *
 * @param pts in the stream's time base, or {@code EncodedUnit.NO_TIME}
 * @param timeNs since the first picture
 * @param md5 of the visible planes, tightly packed
 * @param packedBytes size of what the md5 is over
 */
record InspectedFrame(
    DecodedFrame decoded,
    long pts,
    long timeNs,
    PictureMeasures measures,
    String md5,
    long packedBytes) {}
