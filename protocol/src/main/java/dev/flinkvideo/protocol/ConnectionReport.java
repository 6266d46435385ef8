package dev.flinkvideo.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What became of a connection: one record on {@code video.reports}. Which fields are set depends on
 * the kind; each says all that is known, so that one that is lost is made good by the next.
 *
 * @param session null in a greeting
 * @param connection its number in the command; null in a greeting and in {@code available}
 * @param epoch under which it publishes; null if it does not
 * @param openedAtMs when this gateway opened it, in ms since 1970; null before
 * @param gateway who reports
 * @param role what the connection does; null unless it is open
 * @param reason why it closed; only with {@code closed}
 * @param message for people
 * @param statistics with {@code statistics} and {@code stalled}, and with others if known
 * @param versions of {@link SessionCommand} that the gateway reads; only with {@code greeting}
 * @param atMs when it was noticed, by the gateway's clock; to be read, not to be compared
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"version", "kind", "session"})
public record ConnectionReport(
    int version,
    ReportKind kind,
    String session,
    String source,
    Long connection,
    Long epoch,
    Long openedAtMs,
    String gateway,
    Role role,
    CloseReason reason,
    String message,
    ConnectionStatistics statistics,
    VersionRange versions,
    long atMs) {
  /** The version this code writes, and the newest it reads. */
  public static final int VERSION = 1;

  public static ConnectionReport greeting(String gateway, VersionRange versions, long atMs) {
    return builder(ReportKind.GREETING, gateway).versions(versions).build(atMs);
  }

  public static Builder builder(ReportKind kind, String gateway) {
    return new Builder(kind, gateway);
  }

  /** Collects the fields of one report; not thread-safe, used at once. */
  public static final class Builder {
    private final ReportKind kind;
    private final String gateway;
    private String session;
    private String source;
    private Long connection;
    private Long epoch;
    private Long openedAtMs;
    private Role role;
    private CloseReason reason;
    private String message;
    private ConnectionStatistics statistics;
    private VersionRange versions;

    private Builder(ReportKind kind, String gateway) {
      this.kind = kind;
      this.gateway = gateway;
    }

    public Builder source(String session, String source) {
      this.session = session;
      this.source = source;
      return this;
    }

    public Builder connection(long connection) {
      this.connection = connection;
      return this;
    }

    /** Null if it publishes nothing. */
    public Builder epoch(Long epoch) {
      this.epoch = epoch;
      return this;
    }

    public Builder openedAtMs(long openedAtMs) {
      this.openedAtMs = openedAtMs;
      return this;
    }

    public Builder role(Role role) {
      this.role = role;
      return this;
    }

    public Builder reason(CloseReason reason) {
      this.reason = reason;
      return this;
    }

    public Builder message(String message) {
      this.message = message;
      return this;
    }

    public Builder statistics(ConnectionStatistics statistics) {
      this.statistics = statistics;
      return this;
    }

    public Builder versions(VersionRange versions) {
      this.versions = versions;
      return this;
    }

    public ConnectionReport build(long atMs) {
      return new ConnectionReport(
          VERSION,
          kind,
          session,
          source,
          connection,
          epoch,
          openedAtMs,
          gateway,
          role,
          reason,
          message,
          statistics,
          versions,
          atMs);
    }
  }
}
