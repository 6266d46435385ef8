package dev.flinkvideo.jobs.lab.failover;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flinkvideo.ingest.kafka.CommandFollower;
import dev.flinkvideo.ingest.kafka.CommandHandler;
import dev.flinkvideo.ingest.kafka.RecordSender;
import dev.flinkvideo.ingest.kafka.SegmentPublisher;
import dev.flinkvideo.jobs.Topics;
import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SourceSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A gateway and its sources in this process, without a network: it follows the commands on Kafka,
 * publishes segments and reports. One thread shows the programme, one follows commands; the monitor
 * guards all that is here.
 */
final class SimulatedSources implements Sources, CommandHandler {
  private static final Duration CONNECT = Duration.ofMillis(300);
  private static final long SECOND_MS = 1_000;

  private record Id(String session, String source) {}

  private final Programme programme;
  private final SegmentPublisher publisher;
  private final RecordSender reports;
  private final CommandFollower follower;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Map<Id, SimulatedSource> sources = new HashMap<>();
  private final Map<Id, SimulatedConnection> open = new HashMap<>();

  /** The number of the last connection that ended, of sources that are still wanted. */
  private final Map<Id, Long> ended = new HashMap<>();

  private long picture;
  private volatile RuntimeException failure;

  /**
   * @param commands the topic that the job writes them to
   */
  SimulatedSources(String bootstrap, String commands, Path clip) throws IOException {
    programme = Programme.of(clip);
    publisher = new SegmentPublisher(bootstrap, Topics.DEFAULT.segments());
    Properties kafka = new Properties();
    kafka.setProperty("bootstrap.servers", bootstrap);
    reports = new RecordSender(kafka);
    follower = new CommandFollower(kafka, commands, /* specifications= */ null, "simulated", this);
    reports.start();
    follower.start();
    long pictureNs = Math.round(programme.pictureSeconds() * 1e9);
    clock.scheduleAtFixedRate(noting(this::showPicture), 0, pictureNs, TimeUnit.NANOSECONDS);
    clock.scheduleAtFixedRate(
        noting(this::reportStatistics), SECOND_MS, SECOND_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized SourceSpecification add(String session, String name) {
    int index = (int) sources.keySet().stream().filter(id -> id.session.equals(session)).count();
    return sources
        .computeIfAbsent(
            new Id(session, name), id -> new SimulatedSource(programme, session, name, index))
        .specification();
  }

  @Override
  public synchronized void set(String session, String name, Condition condition)
      throws IOException {
    if (failure != null) {
      throw new IOException("the simulated sources stopped: " + failure.getMessage(), failure);
    }
    sources.get(new Id(session, name)).set(condition, picture);
  }

  @Override
  public synchronized long picture(JsonNode observation) {
    Id id = new Id(observation.path("session").asText(), observation.path("source").asText());
    return sources.get(id).picture(observation.path("pts").asLong());
  }

  @Override
  public double pictureSeconds() {
    return programme.pictureSeconds();
  }

  @Override
  public Duration firstKeyFrameWithin() {
    return CONNECT.plus(Programme.KEY_INTERVAL);
  }

  @Override
  public synchronized void command(String session, int partition, SessionCommand command) {
    List<DesiredConnection> wanted = command == null ? List.of() : command.connections();
    Map<Id, DesiredConnection> byId = new HashMap<>();
    wanted.forEach(desired -> byId.put(new Id(session, desired.source().name()), desired));
    for (Id id : List.copyOf(open.keySet())) {
      DesiredConnection desired = byId.get(id);
      if (!id.session.equals(session)) {
        continue;
      }
      if (desired == null) {
        end(id, CloseReason.COMMANDED);
      } else if (desired.connection() != open.get(id).number()) {
        end(id, CloseReason.REPLACED);
      }
    }
    ended.keySet().removeIf(id -> id.session.equals(session) && !byId.containsKey(id));
    wanted.stream() // what makes way before what takes over
        .sorted(Comparator.comparing(desired -> desired.role() == Role.LIVE))
        .forEach(desired -> follow(new Id(session, desired.source().name()), desired));
  }

  private void follow(Id id, DesiredConnection desired) {
    SimulatedConnection connection = open.get(id);
    if (connection != null) {
      connection.follow(desired);
      return;
    }
    SimulatedSource source = sources.get(id);
    if (source == null || Long.valueOf(desired.connection()).equals(ended.get(id))) {
      return; // what ended stays so until a command gives it another number
    }
    open.put(
        id,
        new SimulatedConnection(
            id.session,
            source,
            desired,
            publisher,
            this::report,
            System.currentTimeMillis() + CONNECT.toMillis()));
  }

  private void report(ConnectionReport report) {
    reports.send(Topics.DEFAULT.reports(), report);
  }

  private synchronized void showPicture() {
    long nowMs = System.currentTimeMillis();
    for (Map.Entry<Id, SimulatedConnection> entry : List.copyOf(open.entrySet())) {
      CloseReason reason = entry.getValue().picture(picture, nowMs);
      if (reason != null) {
        end(entry.getKey(), reason);
      }
    }
    picture++;
  }

  private synchronized void reportStatistics() {
    long nowMs = System.currentTimeMillis();
    open.values().forEach(connection -> connection.reportStatistics(nowMs));
  }

  private void end(Id id, CloseReason reason) {
    SimulatedConnection connection = open.remove(id);
    ended.put(id, connection.number());
    connection.close(reason, System.currentTimeMillis());
  }

  /** They are not followed. */
  @Override
  public void specification(String session, boolean exists) {}

  /** All partitions are ours: there is no other gateway. */
  @Override
  public void own(Set<Integer> partitions) {}

  /** Old commands are done like new ones, for there are none when this begins. */
  @Override
  public void caughtUp() {}

  @Override
  public void close() {
    clock.shutdownNow();
    follower.close();
    reports.close();
    publisher.close();
  }

  /** A task that throws is never run again: somebody must be told. */
  private Runnable noting(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    };
  }
}
