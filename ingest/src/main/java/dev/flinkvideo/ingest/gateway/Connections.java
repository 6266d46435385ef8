package dev.flinkvideo.ingest.gateway;

import dev.flinkvideo.ingest.kafka.CommandHandler;
import dev.flinkvideo.ingest.kafka.SegmentBuffer;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.LiveTransport;
import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SourceSpecification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what is open against what should be, and opens and closes the difference: pulled sources of
 * the partitions that are ours, pushed ones whose publisher is here. A connection that ended stays
 * so until a command gives it another number. Its monitor guards all of it, and is never taken
 * while a feed's is held.
 */
final class Connections implements CommandHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final AtomicInteger PULLS = new AtomicInteger();

  /**
   * Between key frames that are asked for by a command: encoders are told to send them so often.
   */
  private static final long KEY_FRAME_AGE_MS = 2_000;

  private final PullOpener opener;
  private final SegmentBuffer buffer;
  private final Reports reports;
  private final Newcomers newcomers;
  private final Supplier<GroupRing> rings;

  private final Commands commands = new Commands();
  private final Published published = new Published();
  private final Map<SourceId, OpenConnection> open = new HashMap<>();
  private final Map<StreamName, Feed> publishers = new HashMap<>();

  /** The number of the last connection that ended, of sources that are still wanted. */
  private final Map<SourceId, Long> ended = new HashMap<>();

  private Set<Integer> owned = Set.of();
  private boolean caughtUp;
  private boolean stopping;

  Connections(
      PullOpener opener,
      SegmentBuffer buffer,
      Reports reports,
      Newcomers newcomers,
      Supplier<GroupRing> rings) {
    this.opener = opener;
    this.buffer = buffer;
    this.reports = reports;
    this.newcomers = newcomers;
    this.rings = rings;
  }

  @Override
  public synchronized void command(String session, int partition, SessionCommand command) {
    commands.put(session, partition, command);
    newcomers.commanded(session);
    if (caughtUp) { // an old command must not open what a newer one closes
      reconcile(session);
    }
  }

  @Override
  public synchronized void specification(String session, boolean exists) {
    newcomers.specified(session, exists);
  }

  @Override
  public synchronized void own(Set<Integer> partitions) {
    owned = partitions;
    LOG.info("pulled sources of partitions {} are ours", partitions);
    if (caughtUp) {
      reconcileAll();
    }
  }

  @Override
  public synchronized void caughtUp() {
    caughtUp = true;
    reconcileAll();
  }

  synchronized boolean isCaughtUp() {
    return caughtUp;
  }

  /** The source that waits for {@code stream}, or that it may become. */
  synchronized Optional<SourceSpecification> expected(StreamName stream) {
    Optional<SourceSpecification> named = named(stream);
    return named.isPresent() || !caughtUp ? named : newcomers.source(stream);
  }

  /** Reads a publisher to its end, in this thread. */
  void publish(StreamName stream, LiveTransport transport) {
    Feed feed = new Feed(transport, rings.get());
    synchronized (this) {
      Feed before = stopping ? null : publishers.put(stream, feed);
      if (before != null) {
        closeAll(before, CloseReason.REPLACED, "another publisher came");
        before.transport().stop();
      }
      if (stopping) {
        transport.stop();
      }
      arrived(stream);
      if (named(stream).isEmpty()) {
        newcomers.come(stream);
      }
    }
    Ending ending = readToEnd(feed);
    LOG.info("publisher left: stream={} {}", stream.stream(), ending);
    synchronized (this) {
      publishers.remove(stream, feed);
      ended(feed, ending);
    }
  }

  /** Each second: measures, reports, asks for key frames. */
  synchronized void tick() {
    open.values().stream().map(OpenConnection::feed).distinct().forEach(Feed::measureRates);
    for (OpenConnection connection : open.values()) {
      if (connection.openedAtMs() == null) {
        continue;
      }
      reports.statistics(connection);
      Long intervalMs = connection.desired().keyFrameIntervalMs();
      if (intervalMs != null) {
        requestKeyFrame(connection, intervalMs);
      }
    }
  }

  private static void requestKeyFrame(OpenConnection connection, long ifOlderThanMs) {
    if (connection.feed().sinceKeyMs() >= ifOlderThanMs) {
      connection.feed().transport().requestKeyFrame();
    }
  }

  /** Every ten seconds: who we are and which publishers are here. */
  synchronized void greet() {
    reports.greeting();
    newcomers.repeat();
    publishers.keySet().forEach(this::reportAvailable);
  }

  synchronized List<OpenConnection> open() {
    return List.copyOf(open.values());
  }

  synchronized int publishers() {
    return publishers.size();
  }

  /** Closes everything: another gateway may take over. */
  synchronized void stop() {
    stopping = true;
    for (OpenConnection connection : open()) {
      close(connection, CloseReason.GATEWAY_STOPPING, "the gateway stops");
    }
    publishers.values().forEach(feed -> feed.transport().stop());
  }

  private Optional<SourceSpecification> named(StreamName stream) {
    return commands.expecting(stream).map(Commands.Expected::source).findFirst();
  }

  private void arrived(StreamName stream) {
    reportAvailable(stream);
    commands
        .expecting(stream)
        .map(expected -> expected.id().session())
        .distinct()
        .forEach(this::reconcile);
  }

  private void reportAvailable(StreamName stream) {
    commands.expecting(stream).map(Commands.Expected::id).distinct().forEach(reports::available);
  }

  private void reconcileAll() {
    List<String> sessions = new ArrayList<>(commands.sessions());
    open.keySet().stream().map(SourceId::session).forEach(sessions::add);
    sessions.stream().distinct().forEach(this::reconcile);
  }

  private void reconcile(String session) {
    if (stopping) {
      return;
    }
    Map<SourceId, DesiredConnection> wanted = commands.wanted(session);
    closeUnwanted(session, wanted);
    ended.keySet().removeIf(id -> id.session().equals(session) && !wanted.containsKey(id));
    wanted.entrySet().stream() // what makes way before what takes over
        .sorted(Comparator.comparing(entry -> entry.getValue().role() == Role.LIVE))
        .forEach(entry -> follow(entry.getKey(), entry.getValue()));
    turnAway(session);
    if (!commands.sessions().contains(session)) {
      published.forget(session);
    }
  }

  private void closeUnwanted(String session, Map<SourceId, DesiredConnection> wanted) {
    for (OpenConnection connection : open()) {
      if (!connection.id().session().equals(session)) {
        continue;
      }
      DesiredConnection desired = wanted.get(connection.id());
      if (desired == null) {
        close(connection, CloseReason.COMMANDED, "no command names it");
      } else if (desired.connection() != connection.number()) {
        close(connection, CloseReason.REPLACED, "a command names another");
      } else if (!desired.source().isPushed() && !isOurs(session)) {
        close(connection, CloseReason.GATEWAY_STOPPING, "another gateway has it now");
      }
    }
  }

  private void follow(SourceId id, DesiredConnection desired) {
    OpenConnection connection = open.get(id);
    if (connection != null) {
      Long askedBefore = connection.desired().keyFrameAskedAtMs();
      synchronized (connection.feed()) {
        connection.follow(desired);
      }
      Long asked = desired.keyFrameAskedAtMs();
      if (asked != null && !asked.equals(askedBefore)) {
        requestKeyFrame(connection, KEY_FRAME_AGE_MS);
      }
      return;
    }
    if (Long.valueOf(desired.connection()).equals(ended.get(id))) {
      return;
    }
    if (desired.source().isPushed()) {
      Feed feed = publishers.get(StreamName.of(desired.source()));
      if (feed != null) {
        attach(id, desired, feed);
      }
      return;
    }
    if (isOurs(id.session())) {
      pull(id, desired);
    }
  }

  private boolean isOurs(String session) {
    return owned.contains(commands.partition(session));
  }

  private OpenConnection attach(SourceId id, DesiredConnection desired, Feed feed) {
    OpenConnection connection = new OpenConnection(id, desired, feed, buffer, published, reports);
    open.put(id, connection);
    feed.attach(connection);
    return connection;
  }

  private void pull(SourceId id, DesiredConnection desired) {
    LiveTransport transport;
    try {
      transport = opener.open(desired.source());
    } catch (IllegalArgumentException e) {
      transport = new UnopenableTransport(e.getMessage());
    }
    Feed feed = new Feed(transport, rings.get());
    attach(id, desired, feed);
    Thread thread = new Thread(() -> read(feed), "pull-" + PULLS.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
  }

  private void read(Feed feed) {
    Ending ending = readToEnd(feed);
    synchronized (this) {
      ended(feed, ending);
    }
  }

  /** A failure of ours ends a connection like any other. */
  private static Ending readToEnd(Feed feed) {
    try {
      return feed.transport().read(feed);
    } catch (RuntimeException e) {
      LOG.error("reading a connection failed", e);
      return new Ending(EndReason.PROTOCOL_ERROR, "the gateway failed: " + e.getMessage());
    }
  }

  private void ended(Feed feed, Ending ending) {
    for (OpenConnection connection : feed.connections()) {
      boolean opened = connection.openedAtMs() != null;
      end(connection, Reports.reason(ending, opened), ending.toString());
    }
  }

  private void closeAll(Feed feed, CloseReason reason, String message) {
    feed.connections().forEach(connection -> end(connection, reason, message));
  }

  /** We end it: a pulled source's transport with it, a publisher may stay. */
  private void close(OpenConnection connection, CloseReason reason, String message) {
    end(connection, reason, message);
    ended.remove(connection.id()); // a later command may name it again
    if (!connection.desired().source().isPushed()) {
      connection.feed().transport().stop();
    }
  }

  private void end(OpenConnection connection, CloseReason reason, String message) {
    Feed feed = connection.feed();
    synchronized (feed) {
      feed.detach(connection);
      reports.closed(connection, reason, message);
      connection.stopPublishing();
    }
    open.remove(connection.id(), connection);
    ended.put(connection.id(), connection.number());
    LOG.info(
        "connection closed: session={} source={} connection={} reason={} {}",
        connection.id().session(),
        connection.id().source(),
        connection.number(),
        reason,
        message);
  }

  /** Publishers of a session's sources that no command names any more. */
  private void turnAway(String session) {
    List<StreamName> unwanted =
        publishers.keySet().stream()
            .filter(stream -> named(stream).isEmpty() && !newcomers.isPending(stream))
            .toList();
    for (StreamName stream : unwanted) {
      LOG.info("publisher turned away: stream={} after a command of {}", stream.stream(), session);
      publishers.get(stream).transport().stop();
    }
  }
}
