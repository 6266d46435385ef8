package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class SessionStateTest {
  private static final Map<SessionState, String> SUCCESSORS =
      Map.of(
          SessionState.IDLE, "connecting streaming reconnecting closed",
          SessionState.CONNECTING, "connecting streaming reconnecting migrating closed",
          SessionState.STREAMING, "connecting streaming stalled reconnecting migrating closed",
          SessionState.STALLED, "connecting streaming reconnecting migrating closed",
          SessionState.RECONNECTING, "connecting streaming migrating closed",
          SessionState.MIGRATING, "connecting streaming reconnecting migrating closed",
          SessionState.CLOSED, "");

  @Test
  void shouldAllowExactlyTheChangesThatAreDrawnAndRefuseAllOthers() {
    for (SessionState from : SessionState.values()) {
      for (SessionState to : SessionState.values()) {
        Session session = new Session("lobby", 0);
        session.state = from;
        Turn turn =
            new Turn(session, SessionOptions.policy(new Configuration()), Hearing.ALWAYS, 1);
        boolean drawn = Arrays.asList(SUCCESSORS.get(from).split(" ")).contains(to.label());
        if (drawn) {
          turn.change(to, Reason.LIVE, null, "");
          assertThat(session.state).isEqualTo(to);
        } else {
          assertThatThrownBy(() -> turn.change(to, Reason.LIVE, null, ""))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage(
                  "session=lobby must not go from=%s to=%s reason=live"
                      .formatted(from.label(), to.label()));
        }
      }
    }
  }

  @Test
  void shouldReadEveryCodeItWrites() {
    Set<Integer> codes = new HashSet<>();
    for (SessionState state : EnumSet.allOf(SessionState.class)) {
      assertThat(SessionState.ofCode(state.code())).isEqualTo(state);
      assertThat(codes.add(state.code())).isTrue();
    }
    for (Reason reason : Reason.values()) {
      assertThat(Reason.ofCode(reason.code())).isEqualTo(reason);
    }
    for (Phase phase : Phase.values()) {
      assertThat(Phase.ofCode(phase.code())).isEqualTo(phase);
    }
    assertThatThrownBy(() -> SessionState.ofCode(99)).hasMessage("no session state has code=99");
  }
}
