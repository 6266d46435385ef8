package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * How a session is to be reconnected and moved, where it differs from the job's defaults (the
 * {@code session.*} options). Null, or a field that is absent, leaves the default.
 *
 * @param stallAfterMs no access unit for this long and the source has stalled
 * @param connectWithinMs from the command until the connection is open
 * @param firstSegmentWithinMs from then until its first key frame, and from the command to go live
 *     until it is live
 * @param reportWithinMs no report for this long and the gateway is gone
 * @param backoffInitialMs before the second attempt at a source
 * @param backoffFactor from each wait to the next
 * @param backoffMaxMs no wait is longer, but for the jitter
 * @param backoffJitter share by which a wait is made shorter or longer
 * @param resetAfterMs after streaming this long a source's failures are forgotten
 * @param failuresBeforeNext failures of the source in use, in a row, before the next one is tried
 *     although it is not open
 * @param makeBeforeBreak whether the next source is opened before a bad one is left
 * @param standbys how many further sources are kept open
 * @param returnToPreferred whether a session goes back to a source that stands before its own
 * @param returnAfterMs how long that source must have been healthy
 * @param quarantineFlaps so many breaks within the window and a source is left alone
 * @param quarantineWindowMs in which breaks are counted
 * @param quarantineMs for how long it is left alone
 * @param keyFrameIntervalMs how often a gateway that can is to ask the source for a key frame
 * @param triggers by name; those not named keep the job's defaults
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyOverrides(
    Long stallAfterMs,
    Long connectWithinMs,
    Long firstSegmentWithinMs,
    Long reportWithinMs,
    Long backoffInitialMs,
    Double backoffFactor,
    Long backoffMaxMs,
    Double backoffJitter,
    Long resetAfterMs,
    Integer failuresBeforeNext,
    Boolean makeBeforeBreak,
    Integer standbys,
    Boolean returnToPreferred,
    Long returnAfterMs,
    Integer quarantineFlaps,
    Long quarantineWindowMs,
    Long quarantineMs,
    Long keyFrameIntervalMs,
    Map<Trigger, TriggerPolicy> triggers) {}
