package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.Pin;
import dev.flinkvideo.protocol.PolicyOverrides;
import java.util.ArrayList;
import java.util.List;

/**
 * All that the machine knows of one session. {@link SessionMachine} changes a copy and hands it
 * back; nobody else changes it. Times are ms since 1970, 0 for never.
 */
public final class Session {
  final String name;
  SessionState state = SessionState.IDLE;
  long sinceMs;
  Reason reason = Reason.NEW;

  /** Whether an operator has said what is wanted. */
  boolean specified;

  /** Null for the job's defaults. */
  PolicyOverrides overrides;

  /** An operator's move; null for none. */
  Pin pin;

  /** In order of preference; in IDLE, those that were heard of. */
  List<TrackedSource> sources = new ArrayList<>();

  /** The source that is watched, or is being opened to be watched; null if none is. */
  String current;

  /** The source that streamed last; null if none did. */
  String watched;

  /** Where it is moving to; null unless MIGRATING. */
  String target;

  /** Why it is moving. */
  Reason why = Reason.NEW;

  /** The newest number given to a connection or an epoch. */
  long lastNumber;

  /** Changes of the source that is watched. */
  long moves;

  /** Alarms of the picture, whichever source it comes from. */
  Alarms alarms = new Alarms();

  /** Fingerprint of the last command, so that one is given only when it says something new. */
  long commanded;

  /** Which run of the job gave that command. */
  long incarnation;

  /** When the machine must look again, whatever else happens. */
  long deadlineMs;

  /** Until when the one timer of the session sleeps; the function's, not the machine's. */
  long timerMs;

  public Session(String name, long nowMs) {
    this.name = name;
    this.sinceMs = nowMs;
  }

  public String name() {
    return name;
  }

  public SessionState state() {
    return state;
  }

  public long deadlineMs() {
    return deadlineMs;
  }

  /** Whether there is nothing to keep of it: it has ended, or nobody says anything of it. */
  boolean isForgotten() {
    return state.isTerminal() || !specified && sources.isEmpty();
  }

  /** Null if it knows none of that name. */
  TrackedSource source(String sourceName) {
    for (TrackedSource source : sources) {
      if (source.name.equals(sourceName)) {
        return source;
      }
    }
    return null;
  }

  TrackedSource current() {
    return current == null ? null : source(current);
  }

  TrackedSource target() {
    return target == null ? null : source(target);
  }

  /** What an operator wants at that time; null if nothing. */
  Pin pinInForce(long nowMs) {
    return pin != null && nowMs < pin.untilMs() ? pin : null;
  }

  /** Grows strictly, also over a restore, as long as the clock does not run backwards by more. */
  long nextNumber(long nowMs) {
    lastNumber = Math.max(lastNumber + 1, nowMs);
    return lastNumber;
  }

  Session copy() {
    Session copy = new Session(name, sinceMs);
    copy.state = state;
    copy.reason = reason;
    copy.specified = specified;
    copy.overrides = overrides;
    copy.pin = pin;
    sources.forEach(source -> copy.sources.add(source.copy()));
    copy.current = current;
    copy.watched = watched;
    copy.target = target;
    copy.why = why;
    copy.lastNumber = lastNumber;
    copy.moves = moves;
    copy.alarms = alarms.copy();
    copy.commanded = commanded;
    copy.incarnation = incarnation;
    copy.deadlineMs = deadlineMs;
    copy.timerMs = timerMs;
    return copy;
  }
}
