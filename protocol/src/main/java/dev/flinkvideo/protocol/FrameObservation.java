package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/**
 * What was seen in one picture. The measures are defined in docs/analyze.md.
 *
 * @param sequence the segment that carried the picture
 * @param frame which access unit of that segment it was, from 0 in decoding order
 * @param pts time stamp of the source in its own time base; absent where it gave none
 * @param timeNs nanoseconds since the session's first frame
 * @param damaged the decoder had to conceal missing or broken parts
 * @param fidelity which pictures of the session were decoded then
 * @param md5 of the visible planes, tightly packed, in the native pixel format; only with {@code
 *     --picture-md5}
 * @param extra what analyzers of others measured, by name; absent when there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"version", "kind"})
public record FrameObservation(
    int version,
    String session,
    String source,
    long epoch,
    long openedAtMs,
    long sequence,
    int frame,
    Long pts,
    long timeNs,
    boolean key,
    boolean damaged,
    Fidelity fidelity,
    int widthPx,
    int heightPx,
    String pixelFormat,
    double lumaMean,
    double contrast,
    double saturation,
    double blackShare,
    double difference,
    double sharpness,
    double blockiness,
    double sceneScore,
    String md5,
    Map<String, Double> extra,
    Timing timing)
    implements Observation {}
