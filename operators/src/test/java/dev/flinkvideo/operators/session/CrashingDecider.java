package dev.flinkvideo.operators.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.configuration.Configuration;

/**
 * Asks the machine, which is killed now and then: what it knew is as it was at the last checkpoint,
 * in the bytes of its codec; what it heard since comes again, and what it gave since was given.
 */
final class CrashingDecider implements Decider {
  /** What one step did, and when. */
  record Taken(long atMs, Session before, Step step) {}

  final List<Taken> taken = new ArrayList<>();

  /** How many commands had been given when it was killed, each time. */
  final List<Integer> commandsBeforeKill = new ArrayList<>();

  private final SessionPolicy defaults = SessionOptions.policy(new Configuration());
  private final List<Signal> heardSince = new ArrayList<>();
  private SessionMachine machine;
  private Session session;
  private byte[] checkpoint;
  private long incarnation;
  private int commands;
  private boolean down;

  CrashingDecider(long nowMs) {
    session = new Session("lobby", nowMs);
    machine = new SessionMachine(defaults, incarnation, Hearing.begins(nowMs));
    checkpoint(); // of nothing: a job that dies before its first has read nothing
  }

  void checkpoint() {
    if (!down) {
      checkpoint = SessionCodec.write(session);
      heardSince.clear();
    }
  }

  void kill() {
    down = true;
    commandsBeforeKill.add(commands);
  }

  /**
   * Begins to hear again.
   *
   * @param arrives what of the log is still there
   * @return what is to be heard now
   */
  List<Signal> restore(long nowMs, Predicate<Signal> arrives) {
    down = false;
    incarnation++;
    machine = new SessionMachine(defaults, incarnation, Hearing.begins(nowMs));
    session = SessionCodec.read("lobby", checkpoint);
    List<Signal> again = heardSince.stream().filter(arrives).toList();
    heardSince.clear();
    return again;
  }

  @Override
  public Decided decide(Signal signal, long nowMs) {
    if (!(signal instanceof Signal.Tick)) {
      heardSince.add(signal);
    }
    if (down) {
      return new Decided(List.of(), null, List.of());
    }
    Step step = machine.step(session, signal, nowMs);
    taken.add(new Taken(nowMs, session, step));
    commands += step.command() == null ? 0 : 1;
    session = SessionCodec.read("lobby", SessionCodec.write(step.session()));
    return new Decided(step.changes(), step.command(), step.quarantined());
  }

  @Override
  public long deadlineMs() {
    return down ? Long.MAX_VALUE : session.deadlineMs;
  }

  @Override
  public SessionState state() {
    return session.state;
  }

  Session session() {
    return session;
  }
}
