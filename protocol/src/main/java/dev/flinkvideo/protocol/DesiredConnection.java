package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A connection that should be open. (source, epoch) names it: the same epoch is the same
 * connection, whatever role it changes to; another epoch of a source is another connection, for
 * which what is open is closed first. A pushed source cannot be opened, only awaited: there, a new
 * epoch begins at the next key frame of the publisher that is connected, or of the next one.
 *
 * @param source all that is needed to open it
 * @param epoch what its segments and reports carry
 * @param keyFrameIntervalMs how often to ask the source for a key frame; null for not at all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DesiredConnection(
    SourceSpecification source, long epoch, Role role, Long keyFrameIntervalMs) {}
