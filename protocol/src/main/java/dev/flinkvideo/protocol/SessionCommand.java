package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * Which connections of a session should be open: one record on {@code video.commands}, complete in
 * itself, the newest counts. Doing it twice is doing it once. What it does not name is closed. A
 * session without any has a tombstone instead.
 *
 * @param connections that should be open
 * @param awaited pushed sources whose publishers are let in and held, and reported as available;
 *     one that is in neither list is turned away
 * @param atMs when it was decided, by the clock of the job
 */
@JsonPropertyOrder({"version", "session"})
public record SessionCommand(
    int version,
    String session,
    List<DesiredConnection> connections,
    List<SourceSpecification> awaited,
    long atMs) {
  /** The version this code writes, and the newest it reads. */
  public static final int VERSION = 1;

  /** Nothing is wanted any more: on the topic this is a tombstone. */
  @JsonIgnore
  public boolean isEmpty() {
    return connections.isEmpty() && awaited.isEmpty();
  }
}
