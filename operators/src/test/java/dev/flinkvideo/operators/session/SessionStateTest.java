package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.protocol.Role;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
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

  /** State that lies in savepoints means what it meant: a code is never given to another name. */
  @Test
  void shouldKeepTheCodesThatAreInState() {
    assertThat(codes(SessionState.values(), SessionState::code))
        .isEqualTo(
            "1 IDLE, 2 CONNECTING, 3 STREAMING, 4 STALLED, 5 RECONNECTING, 6 MIGRATING, 7 CLOSED");
    assertThat(codes(Phase.values(), Phase::code))
        .isEqualTo("0 CLOSED, 1 OPENING, 2 OPENED, 3 READY, 4 LIVE");
    assertThat(codes(Reason.values(), Reason::code))
        .isEqualTo(
            "1 NEW, 2 SPECIFIED, 3 RESPECIFIED, 4 PINNED, 5 REMOVED, 6 FORGOTTEN, 7 ADOPTED,"
                + " 8 LIVE, 9 CLOSED, 10 CONNECT_TIMEOUT, 11 NO_KEY_FRAME, 12 NOT_LIVE,"
                + " 13 STALLED, 14 GATEWAY_GONE, 15 RECOVERED, 16 TRIGGERED, 17 CLEARED,"
                + " 18 TARGET_READY, 19 TARGET_FAILED, 20 PREFERRED_HEALTHY, 21 RETRY");
    assertThat(codes(Role.values(), SessionStateTest::written))
        .isEqualTo("1 LIVE, 2 OUTGOING, 3 STANDBY");
    assertThat(codes(SourceTransport.values(), SessionStateTest::written))
        .isEqualTo("1 RTMP, 2 SRT, 3 WEBRTC, 4 FILE");
  }

  private static <E extends Enum<E>> String codes(E[] values, ToIntFunction<E> code) {
    return Arrays.stream(values)
        .sorted(Comparator.comparingInt(code))
        .map(value -> code.applyAsInt(value) + " " + value.name())
        .collect(Collectors.joining(", "));
  }

  /** The byte that makes a source with the role differ from one without. */
  private static int written(Role role) {
    Session without = new Session("lobby", 0);
    without.sources.add(new TrackedSource("truck"));
    Session with = without.copy();
    with.sources.get(0).role = role;
    byte[] bytes = SessionCodec.write(with);
    return bytes[Arrays.mismatch(bytes, SessionCodec.write(without))];
  }

  private static int written(SourceTransport transport) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      SpecificationCodec.write(
          new DataOutputStream(bytes),
          new SourceSpecification("truck", transport, null, "truck", null, null, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray()[0];
  }
}
