package dev.flinkvideo.jobs.lab.failover;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flinkvideo.jobs.SessionTopics;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.jobs.cluster.Waiting;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.JsonRecords;
import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SessionStatus;
import dev.flinkvideo.protocol.SourceSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** Who says what is wanted of sessions, and looks where they stand. Owns its topics; one thread. */
final class Operator implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration WITHIN = Duration.ofSeconds(120);

  private final SessionTopics topics;
  private final Topics written;

  /**
   * @param written by the job
   */
  Operator(String bootstrap, Topics written) throws Exception {
    this.topics = new SessionTopics(bootstrap);
    this.written = written;
  }

  static SessionSpecification specification(
      String session, String policy, SourceSpecification... sources) throws IOException {
    return SessionSpecification.of(session, sources)
        .withPolicy(MAPPER.readValue(policy, PolicyOverrides.class));
  }

  void put(SessionSpecification specification) throws Exception {
    topics.write(
        Topics.DEFAULT.sessions(), specification.session(), JsonRecords.write(specification));
  }

  void remove(String session) throws Exception {
    topics.write(Topics.DEFAULT.sessions(), session, null);
  }

  /** Says something of a session as a gateway would. */
  void report(ConnectionReport report) throws Exception {
    topics.write(Topics.DEFAULT.reports(), report.session(), JsonRecords.write(report));
  }

  /** Until the session stands so. */
  void await(String session, String how, Predicate<SessionStatus> so) throws Exception {
    Waiting.until(
        "session %s is %s".formatted(session, how),
        WITHIN,
        () -> {
          SessionStatus status = status(session);
          return status != null && so.test(status);
        });
  }

  void awaitState(String session, String state) throws Exception {
    await(session, state, status -> status.state().equals(state));
  }

  /** Until nothing is said of it any more. */
  void awaitGone(String session) throws Exception {
    Waiting.until("session %s is gone".formatted(session), WITHIN, () -> status(session) == null);
  }

  /** Null if there is none. */
  SessionStatus status(String session) throws Exception {
    Map<String, byte[]> newest = topics.newest(written.status());
    byte[] json = newest.get(session);
    return json == null ? null : JsonRecords.readStatus(json);
  }

  @Override
  public void close() {
    topics.close();
  }
}
