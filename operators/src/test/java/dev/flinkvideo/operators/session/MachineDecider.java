package dev.flinkvideo.operators.session;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** Asks the machine, and holds it to what must be true after every step. */
final class MachineDecider implements Decider {
  final List<Step> steps = new ArrayList<>();
  Session session;

  private final SessionMachine machine;

  MachineDecider(long nowMs) {
    this(SessionOptions.policy(new Configuration()), nowMs);
  }

  MachineDecider(SessionPolicy policy, long nowMs) {
    machine = new SessionMachine(policy, /* incarnation= */ 0, Hearing.ALWAYS);
    session = new Session("lobby", nowMs);
  }

  @Override
  public Decided decide(Signal signal, long nowMs) {
    Session before = session.state.isTerminal() ? new Session("lobby", nowMs) : session;
    Step step = machine.step(before, signal, nowMs);
    steps.add(step);
    session = SessionCodec.read("lobby", SessionCodec.write(step.session()));
    return new Decided(step.changes(), step.command(), step.quarantined());
  }

  @Override
  public long deadlineMs() {
    return session.deadlineMs;
  }

  @Override
  public SessionState state() {
    return session.state;
  }
}
