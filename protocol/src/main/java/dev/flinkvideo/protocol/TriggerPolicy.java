package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * When a bad picture or a bad line makes a session move. Null leaves the default of the job.
 *
 * @param enabled whether it moves the session at all; naming a trigger enables it
 * @param raiseMs how long it must have been bad before the session moves
 * @param clearMs how long it must have been good again before a move that began is given up
 * @param threshold what is bad, for those that are measured by the gateway: the share of packets
 *     lost, milliseconds late, bits per second, milliseconds between key frames
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TriggerPolicy(Boolean enabled, Long raiseMs, Long clearMs, Double threshold) {}
