package dev.flinkvideo.protocol;

/**
 * An operator's move: until then this source is the preferred one, and is left only when it is
 * lost.
 *
 * @param untilMs in ms since 1970
 */
public record Pin(String source, long untilMs) {}
