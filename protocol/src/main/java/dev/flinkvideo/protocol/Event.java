package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * Something happened to a session: one record on {@code video.events}. Which fields are set depends
 * on the kind.
 *
 * @param name what kind of alarm, drop or damage: the alarm's name, the {@link DropReason}'s label,
 *     …
 * @param timeNs session time at which it was decided
 * @param sinceNs session time from which on it was so (an alarm is raised only after its duration)
 * @param value the measure that decided
 * @param count how many (dropped segments, damaged pictures) since the last such event
 * @param from the state of the session machine that it left
 * @param to the state that it came into
 * @param stoodMs how long it stood in {@code from}
 * @param decoding what the decoder tells of the last seconds
 * @param message for people: facts as key=value, the remedy last
 * @param atUs when it was noticed, in microseconds since 1970
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"version", "session", "kind", "name"})
public record Event(
    int version,
    String session,
    EventKind kind,
    String name,
    String source,
    Long epoch,
    Long openedAtMs,
    Long sequence,
    Long timeNs,
    Long sinceNs,
    Double value,
    Long count,
    String from,
    String to,
    Long stoodMs,
    Decoding decoding,
    String message,
    long atUs) {
  /** The version this code writes, and the newest it reads. */
  public static final int VERSION = 1;

  public static Builder builder(String session, EventKind kind) {
    return new Builder(session, kind);
  }

  /** Collects the fields of one event; not thread-safe, used at once. */
  public static final class Builder {
    private final String session;
    private final EventKind kind;
    private String name;
    private String source;
    private Long epoch;
    private Long openedAtMs;
    private Long sequence;
    private Long timeNs;
    private Long sinceNs;
    private Double value;
    private Long count;
    private String from;
    private String to;
    private Long stoodMs;
    private Decoding decoding;
    private String message;

    private Builder(String session, EventKind kind) {
      this.session = session;
      this.kind = kind;
    }

    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** The connection, and the segment of it, that this happened at. */
    public Builder at(String source, long epoch, long openedAtMs, long sequence) {
      this.source = source;
      this.epoch = epoch;
      this.openedAtMs = openedAtMs;
      this.sequence = sequence;
      return this;
    }

    /** The connection that this is about. */
    public Builder connection(String source, long epoch) {
      this.source = source;
      this.epoch = epoch;
      return this;
    }

    /** A change of the session machine. */
    public Builder change(String from, String to, long stoodMs) {
      this.from = from;
      this.to = to;
      this.stoodMs = stoodMs;
      return this;
    }

    public Builder timeNs(long timeNs) {
      this.timeNs = timeNs;
      return this;
    }

    public Builder sinceNs(long sinceNs) {
      this.sinceNs = sinceNs;
      return this;
    }

    public Builder value(double value) {
      this.value = value;
      return this;
    }

    public Builder count(long count) {
      this.count = count;
      return this;
    }

    public Builder decoding(Decoding decoding) {
      this.decoding = decoding;
      return this;
    }

    public Builder message(String message) {
      this.message = message;
      return this;
    }

    public Event build(long atUs) {
      return new Event(
          VERSION,
          session,
          kind,
          name,
          source,
          epoch,
          openedAtMs,
          sequence,
          timeNs,
          sinceNs,
          value,
          count,
          from,
          to,
          stoodMs,
          decoding,
          message,
          atUs);
    }
  }
}
