package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.Role;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which sources besides the one in use are kept open, and opens and closes them. */
final class Standbys {
  private final Turn turn;
  private final Session session;
  private final Choice choice;

  Standbys(Turn turn, Choice choice) {
    this.turn = turn;
    this.session = turn.session;
    this.choice = choice;
  }

  void keep() {
    Set<TrackedSource> wanted =
        switch (session.state) {
          case IDLE, CLOSED -> Set.of();
          case CONNECTING, STREAMING, STALLED, RECONNECTING, MIGRATING -> wanted();
        };
    if (session.state == SessionState.IDLE) {
      return;
    }
    for (TrackedSource source : session.sources) {
      boolean superfluous = source.role == Role.STANDBY && !wanted.contains(source);
      if (superfluous && !isInUse(source)) {
        source.close();
      }
    }
    wanted.forEach(turn::open);
  }

  private Set<TrackedSource> wanted() {
    Set<TrackedSource> wanted = new LinkedHashSet<>();
    boolean inNeed = isInNeed();
    choice
        .all()
        .filter(source -> choice.isPossible(source) && !isInUse(source))
        .filter(source -> inNeed || source.definition.mayStandBy())
        .limit(inNeed ? inNeedOf() : turn.policy.standbys())
        .forEach(wanted::add);
    TrackedSource preferred = preferred();
    if (preferred != null) {
      wanted.add(preferred);
    }
    return wanted;
  }

  /** The source in use gives nothing: others are opened beside it, and the first one ready wins. */
  private boolean isInNeed() {
    TrackedSource current = session.current();
    boolean failing =
        session.state == SessionState.CONNECTING && current != null && current.penalty.failures > 0;
    return failing || session.state == SessionState.STALLED;
  }

  private int inNeedOf() {
    boolean stalled = session.state == SessionState.STALLED;
    return stalled ? Math.max(1, turn.policy.standbys()) : session.sources.size();
  }

  /** To return to a source one must know that it is healthy, so it is opened beside. */
  private TrackedSource preferred() {
    boolean streaming = session.state == SessionState.STREAMING && session.current() != null;
    return streaming ? choice.preferred() : null;
  }

  private boolean isInUse(TrackedSource source) {
    return source.name.equals(session.current) || source.name.equals(session.target);
  }
}
