package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.SimulatedSource.Fault;
import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SessionSpecification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * A gateway and its sources beside a {@link Decider}, on a clock of its own: what is commanded is
 * opened, measured, published and reported as a real gateway would, down to the ring of a standby.
 * The log is what admission would let through: the newest epoch wins from its first key frame on,
 * and a picture that was shown is not shown again.
 */
final class Simulation {
  static final long FRAME_MS = 40;

  private record Message(long atMs, long order, Runnable what) {}

  /** One change as it was decided. */
  record Line(long atMs, Change change) {}

  private final class Open {
    final SimulatedSource source;
    final long number;
    final long sinceMs = nowMs;
    DesiredConnection wanted;
    boolean opened;
    boolean closed;
    long openedAtMs;
    long frames;
    long keyFrames;
    long lastFrameMs;

    /** First picture of the ring, or -1 before the first key frame. */
    long ring = -1;

    /** The epoch under which it has published from its ring. */
    long published;

    Open(SimulatedSource source, DesiredConnection wanted) {
      this.source = source;
      this.number = wanted.connection();
      this.wanted = wanted;
    }
  }

  /** A source was left alone from then on, as it broke too often. */
  record Quarantine(long atMs, String source) {}

  /** One signal as it was heard. */
  record Heard(long atMs, Signal signal) {}

  final List<Heard> heard = new ArrayList<>();
  final List<Line> lines = new ArrayList<>();
  final List<SessionCommand> commands = new ArrayList<>();
  final List<Quarantine> quarantines = new ArrayList<>();

  /** When each picture was first shown. */
  final TreeMap<Long, Long> shown = new TreeMap<>();

  /** When each picture came from which source first. */
  final TreeMap<Long, String> shownFrom = new TreeMap<>();

  long nowMs;

  /** How long messages take; may differ from one to the next. */
  LongSupplier reportDelayMs = () -> 5;

  LongSupplier commandDelayMs = () -> 5;

  /** Copies of a report that arrive: 0 for a lost one. */
  LongSupplier copies = () -> 1;

  LongSupplier commandCopies = () -> 1;

  private final Decider decider;
  private final long groupMs;
  private final Map<String, SimulatedSource> sources = new HashMap<>();
  private final Map<String, Open> open = new HashMap<>();
  private final PriorityQueue<Message> queue =
      new PriorityQueue<>(
          (a, b) ->
              a.atMs != b.atMs ? Long.compare(a.atMs, b.atMs) : Long.compare(a.order, b.order));
  private long order;
  private long logEpoch;
  private long commandedAtMs = -1;

  Simulation(Decider decider, long startMs, long groupMs, SimulatedSource... sources) {
    this.decider = decider;
    this.nowMs = startMs;
    this.groupMs = groupMs;
    for (SimulatedSource source : sources) {
      this.sources.put(source.name, source);
    }
    frame();
    second();
  }

  void specify(SessionSpecification specification) {
    signal(new Signal.Specified(specification));
  }

  void remove() {
    signal(new Signal.Removed());
  }

  /** The picture is bad from now on, or good again. */
  void alarm(String name, boolean raised) {
    signal(alarmed(name, raised));
  }

  /** What an analyzer says of the picture that was shown last. */
  Signal alarmed(String name, boolean raised) {
    EventKind kind = raised ? EventKind.ALARM_RAISED : EventKind.ALARM_CLEARED;
    return new Signal.Alarmed(
        Event.builder("lobby", kind)
            .name(name)
            .connection(shownFrom.isEmpty() ? "" : shownFrom.lastEntry().getValue(), logEpoch)
            .build(nowMs * 1_000));
  }

  void at(long atMs, Runnable what) {
    queue.add(new Message(Math.max(atMs, nowMs), order++, what));
  }

  /** Runs to that moment, deadlines included. */
  void runTo(long untilMs) {
    while (true) {
      long messageMs = queue.isEmpty() ? Long.MAX_VALUE : queue.peek().atMs;
      long nextMs = Math.min(messageMs, Math.max(nowMs, decider.deadlineMs()));
      if (nextMs > untilMs) {
        nowMs = untilMs;
        return;
      }
      nowMs = nextMs;
      if (messageMs <= nextMs) {
        queue.poll().what.run();
      } else {
        signal(new Signal.Tick());
      }
    }
  }

  void signal(Signal signal) {
    heard.add(new Heard(nowMs, signal));
    Decider.Decided decided = decider.decide(signal, nowMs);
    decided.changes().forEach(change -> lines.add(new Line(nowMs, change)));
    decided.quarantined().forEach(source -> quarantines.add(new Quarantine(nowMs, source)));
    if (decided.command() != null) {
      commands.add(decided.command());
      SessionCommand command = decided.command();
      long decidedMs = nowMs;
      long arrivals = commandCopies.getAsLong();
      for (int i = 0; i < arrivals; i++) {
        at(nowMs + commandDelayMs.getAsLong(), () -> obey(command, decidedMs));
      }
    }
  }

  private void obey(SessionCommand command, long decidedMs) {
    if (decidedMs < commandedAtMs) {
      return; // a compacted topic keeps the order of its key
    }
    commandedAtMs = decidedMs;
    Map<String, DesiredConnection> wanted = new HashMap<>();
    command.connections().forEach(connection -> wanted.put(connection.source().name(), connection));
    for (Open connection : List.copyOf(open.values())) {
      DesiredConnection still = wanted.get(connection.source.name);
      if (still == null || still.connection() != connection.number) {
        close(connection, still == null ? CloseReason.COMMANDED : CloseReason.REPLACED);
      }
    }
    wanted.forEach(this::obey);
  }

  private void obey(String name, DesiredConnection wanted) {
    Open known = open.get(name);
    if (known == null) {
      Open connection = new Open(sources.get(name), wanted);
      open.put(name, connection);
      at(nowMs + connection.source.connectMs, () -> connect(connection));
      return;
    }
    known.wanted = wanted;
    publishRing(known);
  }

  private void connect(Open connection) {
    if (connection.closed) {
      return;
    }
    if (connection.source.is(Fault.DOWN, nowMs)) {
      close(connection, CloseReason.REFUSED);
    } else if (!connection.source.is(Fault.UNREACHABLE, nowMs)) {
      connection.opened = true;
      connection.openedAtMs = nowMs;
      connection.lastFrameMs = nowMs;
      report(ReportKind.OPENED, connection, null);
    }
  }

  private void close(Open connection, CloseReason reason) {
    connection.closed = true;
    open.remove(connection.source.name, connection);
    report(ReportKind.CLOSED, connection, reason);
  }

  /** One picture of every source that delivers. */
  private void frame() {
    for (Open connection : List.copyOf(open.values())) {
      if (!connection.opened) {
        continue;
      }
      if (connection.source.is(Fault.DOWN, nowMs)) {
        close(connection, CloseReason.BROKEN);
      } else if (connection.source.delivers(nowMs)) {
        frame(connection);
      }
    }
    at(nowMs + FRAME_MS, this::frame);
  }

  private void frame(Open connection) {
    long picture = nowMs / FRAME_MS;
    boolean key = picture % (groupMs / FRAME_MS) == 0;
    connection.frames++;
    connection.lastFrameMs = nowMs;
    if (key) {
      connection.keyFrames++;
      connection.ring = picture;
      if (connection.keyFrames == 1) {
        report(ReportKind.FIRST_SEGMENT, connection, null);
      }
    }
    if (connection.wanted.role() == Role.STANDBY || connection.ring < 0) {
      return;
    }
    if (connection.published == connection.wanted.epoch()) {
      show(connection, picture);
    } else {
      publishRing(connection);
    }
  }

  /** Goes live from the key frame that the ring begins with. */
  private void publishRing(Open connection) {
    boolean due =
        connection.opened
            && connection.wanted.role() == Role.LIVE
            && connection.ring >= 0
            && connection.published != connection.wanted.epoch();
    if (!due) {
      return;
    }
    connection.published = connection.wanted.epoch();
    for (long picture = connection.ring; picture <= connection.lastFrameMs / FRAME_MS; picture++) {
      show(connection, picture);
    }
    report(ReportKind.LIVE, connection, null);
  }

  private void show(Open connection, long picture) {
    if (connection.published < logEpoch) {
      return; // admission drops it
    }
    logEpoch = connection.published;
    if (shown.putIfAbsent(picture, nowMs) == null) {
      shownFrom.put(picture, connection.source.name);
    }
  }

  private void second() {
    open.values().stream()
        .filter(connection -> connection.opened)
        .forEach(connection -> report(ReportKind.STATISTICS, connection, null));
    at(nowMs + 1_000, this::second);
  }

  private void report(ReportKind kind, Open connection, CloseReason reason) {
    boolean publishes = connection.published != 0 && connection.wanted.role() != Role.STANDBY;
    SimulatedSource.Line line = connection.source.line(nowMs);
    ConnectionReport report =
        ConnectionReport.builder(kind, "gateway-1")
            .source("lobby", connection.source.name)
            .connection(connection.number)
            .epoch(publishes ? connection.published : null)
            .openedAtMs(connection.openedAtMs == 0 ? connection.sinceMs : connection.openedAtMs)
            .role(publishes ? connection.wanted.role() : Role.STANDBY)
            .reason(reason)
            .statistics(
                new ConnectionStatistics(
                    nowMs - connection.lastFrameMs,
                    connection.frames,
                    connection.keyFrames,
                    line.bitrateBps(),
                    null,
                    line.keyFrameIntervalMs(),
                    null,
                    line.lossShare(),
                    line.lateMs(),
                    null))
            .build(nowMs);
    long arrivals = copies.getAsLong();
    for (int i = 0; i < arrivals; i++) {
      at(nowMs + reportDelayMs.getAsLong(), () -> signal(new Signal.Reported(report)));
    }
  }

  /** Pictures between the first and the last that was shown that nobody saw. */
  long lost() {
    return shown.isEmpty() ? 0 : shown.lastKey() - shown.firstKey() + 1 - shown.size();
  }

  /** When something was shown again after a moment. */
  long firstShownFrom(String source, long afterMs) {
    return shownFrom.entrySet().stream()
        .filter(entry -> entry.getValue().equals(source) && shown.get(entry.getKey()) >= afterMs)
        .mapToLong(entry -> shown.get(entry.getKey()))
        .findFirst()
        .orElse(-1);
  }

  List<String> path() {
    return lines.stream()
        .map(
            line ->
                line.change.to().label()
                    + " "
                    + line.change.source()
                    + " "
                    + line.change.reason().label())
        .toList();
  }

  SessionState state() {
    return decider.state();
  }
}
