package dev.flinkvideo.operators.session;

/**
 * One change of a session: what happened, why, and how long it had stood where it was.
 *
 * @param source that is watched, opened, or moved to; null if none is
 * @param epoch under which that publishes; 0 if it does not
 * @param detail facts as key=value, may be empty
 */
public record Change(
    SessionState from,
    SessionState to,
    Reason reason,
    String source,
    long epoch,
    long stoodMs,
    String detail) {}
