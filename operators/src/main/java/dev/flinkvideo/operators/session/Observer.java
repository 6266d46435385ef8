package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.SessionPolicy.Limits;
import dev.flinkvideo.operators.session.Turn.Blame;
import dev.flinkvideo.protocol.CloseReason;
import dev.flinkvideo.protocol.ConnectionReport;
import dev.flinkvideo.protocol.ConnectionStatistics;
import dev.flinkvideo.protocol.Event;
import dev.flinkvideo.protocol.EventKind;
import dev.flinkvideo.protocol.ReportKind;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionSpecification;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import dev.flinkvideo.protocol.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes down what a signal says about a session. It decides nothing: that is {@link Decision}'s.
 * Whatever comes late, twice, out of order or contradicts what is known is told by its number.
 */
final class Observer {
  private static final long DAY_MS = 24 * 3_600_000L;

  private final Turn turn;
  private final Session session;
  private final long nowMs;

  Observer(Turn turn) {
    this.turn = turn;
    this.session = turn.session;
    this.nowMs = turn.nowMs;
  }

  void take(Signal signal) {
    if (signal instanceof Signal.Specified specified) {
      specified(specified.specification());
    } else if (signal instanceof Signal.Reported reported) {
      reported(reported.report());
    } else if (signal instanceof Signal.Alarmed alarmed) {
      alarmed(alarmed.event());
    } else if (signal instanceof Signal.NotRecoverable tooMuch) {
      notRecoverable(tooMuch.event());
    } else if (signal instanceof Signal.Removed) {
      turn.removed = true;
    } else if (!(signal instanceof Signal.Tick)) { // Deadlines say what time says
      throw new IllegalStateException("no rule for signal=" + signal);
    }
  }

  private void specified(SessionSpecification specification) {
    session.specified = true;
    session.overrides = specification.policy();
    session.pin = specification.pin();
    List<TrackedSource> sources = new ArrayList<>();
    for (SourceSpecification definition : specification.sources()) {
      TrackedSource known = session.source(definition.name());
      sources.add(known == null ? new TrackedSource(definition.name()) : known);
      define(sources.get(sources.size() - 1), definition);
    }
    session.sources = sources; // a connection of a source that is not named any more is closed
  }

  private void define(TrackedSource source, SourceSpecification definition) {
    if (source.definition != null && !source.definition.equals(definition)) {
      turn.lose(source, Reason.RESPECIFIED, "source=" + source.name, Blame.NONE);
      source.penalty = new Penalty();
    }
    source.definition = definition;
  }

  private void reported(ConnectionReport report) {
    TrackedSource source = session.source(report.source());
    if (report.kind() == ReportKind.AVAILABLE) {
      available(source);
      return;
    }
    long number = number(report);
    if (number > nowMs + DAY_MS) {
      turn.ignored = Ignored.FROM_THE_FUTURE;
      return;
    }
    boolean forgotten = number > session.lastNumber;
    session.lastNumber = Math.max(session.lastNumber, number);
    if (source == null && !session.specified) {
      source = hearOf(report);
    }
    if (source == null) {
      turn.ignored = session.specified ? Ignored.UNKNOWN_SOURCE : Ignored.UNKNOWN_SESSION;
      return;
    }
    if (forgotten && report.kind() != ReportKind.CLOSED) {
      adopt(source, report);
    }
    if (report.connection() != source.connection || isOfAnOlderOpening(source, report)) {
      turn.ignored = Ignored.STALE_CONNECTION;
      return;
    }
    if (isKnown(source, report)) {
      turn.ignored = Ignored.REPEATED;
      return;
    }
    take(source, report);
  }

  /**
   * Whether it reports a step that its connection has taken. It is no sign of life then: it may
   * have been on its way for long.
   */
  private boolean isKnown(TrackedSource source, ConnectionReport report) {
    if (opensAnew(source, report) || !source.gateway.equals(report.gateway())) {
      return false;
    }
    return switch (report.kind()) {
      case OPENED -> source.phase.isAtLeast(Phase.OPENED);
      case FIRST_SEGMENT -> source.phase.isAtLeast(Phase.READY);
      case LIVE -> source.phase == Phase.LIVE && publishes(source, report);
      case STATISTICS, STALLED, CLOSED, AVAILABLE, GREETING -> false;
    };
  }

  /** Another gateway took over. */
  private static boolean opensAnew(TrackedSource source, ConnectionReport report) {
    return report.openedAtMs() != null
        && source.openedAtMs > 0
        && report.openedAtMs() > source.openedAtMs;
  }

  /** Of the connection, or of the epoch that it got since. */
  static long number(ConnectionReport report) {
    return report.epoch() == null
        ? report.connection()
        : Math.max(report.connection(), report.epoch());
  }

  /** Nobody has specified the session yet: what is reported is kept until somebody does. */
  private TrackedSource hearOf(ConnectionReport report) {
    boolean room = session.sources.size() < SessionSpecification.MAX_SOURCES;
    if (report.kind() == ReportKind.CLOSED || !room) {
      return null;
    }
    TrackedSource source = new TrackedSource(report.source());
    source.connection = report.connection();
    session.sources.add(source);
    return source;
  }

  private void available(TrackedSource source) {
    if (source == null) {
      turn.ignored = session.specified ? Ignored.UNKNOWN_SOURCE : Ignored.UNKNOWN_SESSION;
      return;
    }
    source.penalty.endWait();
  }

  /** A gateway does what this machine commanded and, after a restore, no longer remembers. */
  private void adopt(TrackedSource source, ConnectionReport report) {
    if (report.connection() < source.connection) {
      return;
    }
    if (report.connection() > source.connection) {
      source.close();
      source.connection = report.connection();
      source.role = session.specified ? Role.STANDBY : null;
    }
    if (report.role() == Role.LIVE && report.epoch() != null) {
      source.epoch = report.epoch();
      source.toLiveMs = nowMs;
      source.role = session.specified ? Role.LIVE : null;
      turn.adopted = session.specified ? source : null;
    }
  }

  private static boolean isOfAnOlderOpening(TrackedSource source, ConnectionReport report) {
    return report.openedAtMs() != null && report.openedAtMs() < source.openedAtMs;
  }

  private void take(TrackedSource source, ConnectionReport report) {
    if (opensAnew(source, report)) {
      source.enter(Phase.OPENING, nowMs);
      source.healthyMs = 0;
    }
    source.reportMs = nowMs;
    source.gateway = report.gateway();
    source.openedAtMs = report.openedAtMs() == null ? source.openedAtMs : report.openedAtMs();
    ofItsKind(source, report).run();
  }

  private Runnable ofItsKind(TrackedSource source, ConnectionReport report) {
    return switch (report.kind()) {
      case OPENED -> () -> reached(source, Phase.OPENED);
      case FIRST_SEGMENT -> () -> reached(source, Phase.READY);
      case LIVE -> () -> live(source, report);
      case STATISTICS, STALLED -> () -> measured(source, report);
      case CLOSED -> () -> closed(source, report);
      case AVAILABLE, GREETING -> () -> {};
    };
  }

  /** Under another epoch than its own it was told to be live once; a key frame it has. */
  private void live(TrackedSource source, ConnectionReport report) {
    if (report.epoch() == null || report.epoch() != source.epoch) {
      turn.ignored = Ignored.CONTRADICTORY;
    }
    reached(source, publishes(source, report) ? Phase.LIVE : Phase.READY);
  }

  private void reached(TrackedSource source, Phase phase) {
    if (phase.isAtLeast(Phase.READY) && !source.isReady()) {
      source.unitMs = nowMs;
      source.healthyMs = nowMs;
    }
    if (!source.phase.isAtLeast(phase)) {
      source.enter(phase, nowMs);
    }
  }

  private boolean publishes(TrackedSource source, ConnectionReport report) {
    boolean told = source.role == Role.LIVE || !session.specified;
    return told && report.epoch() != null && report.epoch() == source.epoch;
  }

  private void measured(TrackedSource source, ConnectionReport report) {
    ConnectionStatistics statistics = report.statistics();
    if (statistics == null) {
      return;
    }
    reached(source, statistics.keyFrames() > 0 ? Phase.READY : Phase.OPENED);
    if (report.role() == Role.LIVE && publishes(source, report) && statistics.keyFrames() > 0) {
      reached(source, Phase.LIVE);
    }
    if (source.isReady()) {
      source.unitMs = Math.max(source.unitMs, nowMs - Math.max(0, statistics.silentMs()));
      boolean silent = turn.waits.isSilent(source);
      source.healthyMs = silent ? 0 : source.healthyMs == 0 ? nowMs : source.healthyMs;
    }
    note(source, Trigger.LOSS, statistics.lossShare(), /* badIfMore= */ true);
    note(source, Trigger.LATE, statistics.lateMs(), true);
    note(source, Trigger.LOW_BITRATE, statistics.bitrateBps(), false);
    note(source, Trigger.KEY_FRAME_INTERVAL, statistics.keyFrameIntervalMs(), true);
  }

  private void note(TrackedSource source, Trigger trigger, Number value, boolean badIfMore) {
    if (value == null || !turn.policy.triggers().containsKey(trigger)) {
      return;
    }
    Limits limits = turn.policy.limits(trigger);
    double threshold = limits.threshold();
    boolean bad = badIfMore ? value.doubleValue() > threshold : value.doubleValue() < threshold;
    source.alarms.note(trigger, bad, limits, nowMs);
  }

  private void closed(TrackedSource source, ConnectionReport report) {
    String detail =
        "close=%s gateway=%s%s"
            .formatted(
                label(report.reason()),
                report.gateway(),
                report.message() == null ? "" : ": " + report.message());
    turn.lose(source, Reason.CLOSED, detail, blame(report.reason()));
  }

  private static Blame blame(CloseReason reason) {
    return switch (reason) {
      case GATEWAY_STOPPING -> Blame.NONE;
      case COMMANDED, REPLACED -> Blame.FAILURE;
      case ENDED, UNREACHABLE, REFUSED, TIMED_OUT, BROKEN -> Blame.BREAK;
      case UNAUTHORIZED, UNSUPPORTED -> Blame.LASTING;
    };
  }

  private static String label(CloseReason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void alarmed(Event event) {
    Trigger trigger = Trigger.labelled(event.name()).orElse(null);
    boolean bad = event.kind() == EventKind.ALARM_RAISED;
    if (trigger == null || bad && !isOfWhatIsWatched(event)) {
      turn.ignored = Ignored.STALE_ALARM;
      return;
    }
    session.alarms.note(trigger, bad, turn.policy.limits(trigger), nowMs);
  }

  /** A key frame is the cure, and of these sources only a WebRTC peer can be asked for one. */
  private void notRecoverable(Event event) {
    TrackedSource current = session.current();
    if (current == null || event.epoch() == null || event.epoch() != current.epoch) {
      turn.ignored = Ignored.STALE_ALARM;
    } else if (session.specified
        && current.definition.transport() == SourceTransport.WEBRTC
        && current.phase == Phase.LIVE) {
      turn.keyFrameOf = current;
    }
  }

  /**
   * An alarm is raised once and cleared once, whatever moves meanwhile. So that it is cleared
   * counts whichever picture it was; that it is raised, if the source is the one in use, under
   * whatever epoch, or if it is newer.
   */
  private boolean isOfWhatIsWatched(Event event) {
    TrackedSource current = session.current();
    return current != null
        && event.epoch() != null
        && (event.epoch() >= current.epoch || current.name.equals(event.source()));
  }
}
