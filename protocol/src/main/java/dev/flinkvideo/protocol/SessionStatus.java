package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * Where a session stands: one record on {@code video.status}, the newest counts; written at every
 * change of state and of a source's phase, and every few seconds with how it is decoded. A session
 * that is removed has a tombstone.
 *
 * @param state as docs/session.md lists them
 * @param sinceMs when it came into this state
 * @param reason why
 * @param source that is watched, or being opened to be watched; null if none is
 * @param epoch under which it publishes
 * @param target where the session is moving to; null if it is not
 * @param moves changes of the source that is watched, since the session began
 * @param pin an operator's move that is in force; null if none is
 * @param sources in order of preference
 * @param decoding how it was decoded of late; null until the decoder has told
 * @param atMs when this was written, by the clock of the job
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"version", "session"})
public record SessionStatus(
    int version,
    String session,
    String state,
    long sinceMs,
    String reason,
    String source,
    Long epoch,
    String target,
    long moves,
    Pin pin,
    List<SourceStatus> sources,
    Decoding decoding,
    long atMs) {
  /** The version this code writes, and the newest it reads. */
  public static final int VERSION = 1;

  /** Whether a source of that name could be watched at once. */
  public boolean isReady(String sourceName) {
    return sources.stream()
        .anyMatch(one -> one.name().equals(sourceName) && one.phase().equals("ready"));
  }
}
