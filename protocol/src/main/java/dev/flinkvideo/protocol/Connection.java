package dev.flinkvideo.protocol;

import dev.flinkvideo.protocol.wire.Transport;

/**
 * One connection to one source of a session. (epoch, openedAtMs) orders all connections of the
 * session.
 *
 * @param openedAtMs when it opened, in ms since 1970
 */
public record Connection(
    String session,
    String source,
    long epoch,
    long openedAtMs,
    Transport transport,
    StreamFormat format) {}
