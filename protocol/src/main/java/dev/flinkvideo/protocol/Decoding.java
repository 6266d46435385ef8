package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How a session was decoded of late: told by the decoder in an {@link Event} every few seconds, and
 * shown in the {@link SessionStatus}.
 *
 * @param fidelity which of its pictures are decoded now
 * @param pictures judged in the interval
 * @param intervalMs how long it was
 * @param latencyP50Ms median over its newest 256 pictures, from arrival at the gateway (of records
 *     of other producers: from their append) until they were judged; null if there was none
 * @param latencyP99Ms 99th percentile of the same
 * @param newest when the newest picture passed each stage; null if there was none
 * @param atMs the end of the interval, in ms since 1970
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decoding(
    Fidelity fidelity,
    int pictures,
    long intervalMs,
    Long latencyP50Ms,
    Long latencyP99Ms,
    Timing newest,
    long atMs) {}
