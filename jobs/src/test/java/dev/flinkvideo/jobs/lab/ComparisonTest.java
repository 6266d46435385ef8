package dev.flinkvideo.jobs.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void shouldFindTwoRunsEqualWhateverTheirTiming() {
    Comparison comparison =
        Comparison.of(
            List.of(seen(1, "a", 10), seen(2, "b", 20)),
            List.of(seen(2, "b", 70), seen(1, "a", 90)));

    assertThat(comparison.isEqualButForRepetition()).isTrue();
    assertThat(comparison.compared()).isEqualTo(2);
    assertThat(comparison.doubled()).isZero();
    assertThat(comparison.examples()).isEmpty();
  }

  @Test
  void shouldCountWhatCameAgain() {
    Comparison comparison =
        Comparison.of(List.of(seen(1, "a", 1)), List.of(seen(1, "a", 1), seen(1, "a", 2)));

    assertThat(comparison.isEqualButForRepetition()).isTrue();
    assertThat(comparison.doubled()).isOne();
  }

  @Test
  void shouldNameWhatIsMissing() {
    Comparison comparison =
        Comparison.of(List.of(seen(1, "a", 1), seen(2, "b", 1)), List.of(seen(1, "a", 1)));

    assertThat(comparison.isEqualButForRepetition()).isFalse();
    assertThat(comparison.missing()).isOne();
    assertThat(comparison.examples()).containsExactly("missing: s/5/6/2/0");
  }

  @Test
  void shouldNameTheFieldThatIsDifferentEvenInARepetition() {
    Comparison comparison =
        Comparison.of(List.of(seen(1, "a", 1)), List.of(seen(1, "a", 1), seen(1, "c", 1)));

    assertThat(comparison.isEqualButForRepetition()).isFalse();
    assertThat(comparison.different()).isOne();
    assertThat(comparison.examples())
        .containsExactly("different: s/5/6/1/0 md5: \"a\" became \"c\"");
  }

  @Test
  void shouldCountWhatOnlyTheOtherRunSaw() {
    Comparison comparison =
        Comparison.of(List.of(seen(1, "a", 1)), List.of(seen(1, "a", 1), seen(2, "b", 1)));

    assertThat(comparison.isEqualButForRepetition()).isFalse();
    assertThat(comparison.unexpected()).isOne();
  }

  @Test
  void shouldNotTakeNothingForEqual() {
    assertThat(Comparison.of(List.of(), List.of()).isEqualButForRepetition()).isFalse();
  }

  @Test
  void shouldRefuseAReferenceThatRepeatsItself() {
    List<SeenObservation> twice = List.of(seen(1, "a", 1), seen(1, "a", 1));
    assertThatThrownBy(() -> Comparison.of(twice, twice))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SeenObservation seen(int sequence, String md5, long emittedUs) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("session", "s").put("epoch", 5).put("openedAtMs", 6);
    json.put("sequence", sequence).put("frame", 0).put("md5", md5);
    json.putObject("timing").put("emittedUs", emittedUs);
    return SeenObservation.of(json);
  }
}
