package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * What an operator wants of a session: one record on {@code video.sessions}, the newest counts. A
 * tombstone ends the session.
 *
 * @param sources in order of preference
 * @param policy where it differs from the job's; null for nowhere
 * @param pin an operator's move; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"version", "session"})
public record SessionSpecification(
    int version,
    String session,
    List<SourceSpecification> sources,
    PolicyOverrides policy,
    Pin pin) {
  /** The version this code writes, and the newest it reads. */
  public static final int VERSION = 1;

  /** More sources than this are refused: each can cost an open connection. */
  public static final int MAX_SOURCES = 16;

  public static SessionSpecification of(String session, SourceSpecification... sources) {
    return new SessionSpecification(VERSION, session, List.of(sources), null, null);
  }

  public SessionSpecification withPin(Pin newPin) {
    return new SessionSpecification(version, session, sources, policy, newPin);
  }

  public SessionSpecification withPolicy(PolicyOverrides newPolicy) {
    return new SessionSpecification(version, session, sources, newPolicy, pin);
  }
}
