package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Where one source of a session stands.
 *
 * @param phase closed, opening, opened, ready (it has a key frame) or live
 * @param connection its number; null if it has none
 * @param epoch under which it publishes; null if it does not
 * @param gateway that holds the connection; null if none does
 * @param failures in a row
 * @param flaps breaks within the quarantine's window
 * @param retryAtMs it is left alone until then; null if it is not
 * @param quarantinedUntilMs null if it is not quarantined
 * @param triggers what is bad about it now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SourceStatus(
    String name,
    String phase,
    Long connection,
    Long epoch,
    String gateway,
    int failures,
    int flaps,
    Long retryAtMs,
    Long quarantinedUntilMs,
    List<Trigger> triggers) {}
