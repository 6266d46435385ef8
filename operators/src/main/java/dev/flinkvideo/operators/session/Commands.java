package dev.flinkvideo.operators.session;

import dev.flinkvideo.protocol.DesiredConnection;
import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SessionCommand;
import dev.flinkvideo.protocol.SourceSpecification;
import java.util.ArrayList;
import java.util.List;

/** What a session wants of the gateways, told only when it is something new. */
final class Commands {
  /** Fingerprint of a session that was never commanded anything. */
  static final long NEVER = 0;

  private Commands() {}

  /** The command that says what is wanted now; null if that was said before. */
  static SessionCommand next(Turn turn) {
    Session session = turn.session;
    if (session.state == SessionState.IDLE) {
      return null;
    }
    SessionCommand command = wanted(turn);
    long fingerprint = fingerprint(command);
    if (fingerprint == session.commanded && turn.keyFrameOf == null) {
      return null;
    }
    session.commanded = fingerprint;
    return command;
  }

  /** The command that says what is wanted now, even if that was said before. */
  static SessionCommand again(Turn turn) {
    SessionCommand command = wanted(turn);
    turn.session.commanded = fingerprint(command);
    return command;
  }

  private static SessionCommand wanted(Turn turn) {
    Session session = turn.session;
    List<DesiredConnection> connections = new ArrayList<>();
    List<SourceSpecification> awaited = new ArrayList<>();
    long intervalMs = turn.policy.keyFrameIntervalMs();
    Long keyFrameIntervalMs = intervalMs > 0 ? intervalMs : null;
    for (TrackedSource source : session.sources) {
      if (source.isWanted()) {
        Long epoch = source.role == Role.STANDBY ? null : source.epoch;
        connections.add(
            new DesiredConnection(
                source.definition,
                source.connection,
                epoch,
                source.role,
                keyFrameIntervalMs,
                source == turn.keyFrameOf ? turn.nowMs : null));
      } else if (!session.state.isTerminal() && source.definition.isPushed()) {
        awaited.add(source.definition);
      }
    }
    return new SessionCommand(
        SessionCommand.VERSION, session.name, connections, awaited, turn.nowMs);
  }

  /**
   * The same for the same wants, whenever they are told; never {@link #NEVER}. A key frame is asked
   * for once, so it is none of them.
   */
  private static long fingerprint(SessionCommand command) {
    long hash = 1;
    for (DesiredConnection connection : command.connections()) {
      hash = 31 * hash + connection.connection();
      hash = 31 * hash + (connection.epoch() == null ? 0 : connection.epoch());
      hash = 31 * hash + connection.role().name().hashCode();
      hash = 31 * hash + hash(connection.source());
      hash =
          31 * hash
              + (connection.keyFrameIntervalMs() == null ? 0 : connection.keyFrameIntervalMs());
    }
    for (SourceSpecification source : command.awaited()) {
      hash = 31 * hash + hash(source);
    }
    return hash == NEVER ? 1 : hash;
  }

  /** Not {@code hashCode}: that of an enum differs from run to run. */
  private static long hash(SourceSpecification source) {
    long hash = source.name().hashCode();
    hash = 31 * hash + source.transport().name().hashCode();
    hash = 31 * hash + (source.endpoint() == null ? 0 : source.endpoint().hashCode());
    hash = 31 * hash + (source.streamKey() == null ? 0 : source.streamKey().hashCode());
    hash = 31 * hash + (source.credential() == null ? 0 : source.credential().hashCode());
    return 31 * hash + (source.latencyMs() == null ? 0 : source.latencyMs());
  }
}
