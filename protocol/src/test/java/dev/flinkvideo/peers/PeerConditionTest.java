package dev.flinkvideo.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeerConditionTest {
  @Test
  void shouldRunTheTestWhenThePeerIsHere() {
    assertThat(PeerCondition.missing("ls")).isEmpty();
    assertThat(PeerCondition.decide(List.of(), true).isDisabled()).isFalse();
  }

  @Test
  void shouldFindFilesThatAreNoPrograms() {
    assertThat(PeerCondition.missing("/etc")).isEmpty();
    assertThat(PeerCondition.missing("/no/such/peer")).containsExactly("/no/such/peer");
  }

  @Test
  void shouldSkipTheTestAndNameThePeerThatIsMissing() {
    List<String> missing = PeerCondition.missing("ls", "no-such-peer");
    var decision = PeerCondition.decide(missing, false);

    assertThat(decision.isDisabled()).isTrue();
    assertThat(decision.getReason()).contains("not on PATH: no-such-peer");
  }

  @Test
  void shouldFailTheTestWhenPeersAreRequired() {
    assertThatThrownBy(() -> PeerCondition.decide(List.of("no-such-peer"), true))
        .hasMessageContaining("no-such-peer");
  }
}
