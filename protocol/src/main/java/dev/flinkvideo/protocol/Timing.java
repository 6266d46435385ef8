package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * When a picture passed each stage, in microseconds since 1970 by the clock of the machine that did
 * the stage. The only part of an observation that differs from run to run.
 *
 * @param arrivalUs its last byte reached the gateway; absent for records of other producers
 * @param appendUs Kafka appended it (or, if the topic keeps producers' time stamps, it was
 *     produced)
 * @param fetchUs the job's source got it
 * @param decodeStartUs the decoder was given its access unit
 * @param decodeEndUs the decoder gave the picture
 * @param emittedUs judged and handed to the sink
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Timing(
    Long arrivalUs,
    long appendUs,
    long fetchUs,
    long decodeStartUs,
    long decodeEndUs,
    long emittedUs) {
  /** From arrival until emitted; of a record that does not say when it arrived, from the append. */
  public long totalUs() {
    return emittedUs - (arrivalUs == null ? appendUs : arrivalUs);
  }
}
