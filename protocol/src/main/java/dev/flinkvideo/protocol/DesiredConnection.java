package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A connection that should be open. The same number is the same connection, whatever its role
 * becomes; another number of a source is another connection, for which what is open is closed
 * first. A pushed source cannot be opened, only awaited: there, another number begins with the
 * publisher that is connected, or with the next one.
 *
 * <p>A connection publishes under an epoch, from the newest key frame that it holds. It gets a new
 * one each time it goes live, so that in the log the newest epoch wins, whichever connection was
 * opened first.
 *
 * @param source all that is needed to open it
 * @param connection its number, which its reports carry
 * @param epoch what its segments carry; null for a standby, which publishes none
 * @param keyFrameIntervalMs how often to ask the source for a key frame; null for not at all
 * @param keyFrameAskedAtMs when the job asked for one, by its clock: each new value is one request;
 *     null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DesiredConnection(
    SourceSpecification source,
    long connection,
    Long epoch,
    Role role,
    Long keyFrameIntervalMs,
    Long keyFrameAskedAtMs) {}
