package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.protocol.Fidelity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/**
 * A subtask simulated second by second: one queue, sessions that cost so much of its time each, at
 * each fidelity; no clock but the one moved here.
 */
class FidelityControlTest {
  /** What decoding costs at each fidelity, as a share of all pictures. */
  private static final double[] COST = {1, 0.5, 0.04, 0};

  private static final long SECOND_US = 1_000_000;

  private final FidelityControl control = new FidelityControl(new Configuration());
  private final Map<String, SessionLoad> loads = new LinkedHashMap<>();
  private final Map<String, Double> fullCost = new LinkedHashMap<>();
  private final List<String> changes = new ArrayList<>();
  private final Set<String> complete = new HashSet<>();
  private long nowUs = SECOND_US;
  private double lagS;
  private long poolBytes = Long.MAX_VALUE;

  @Test
  void shouldLeaveSessionsAloneThatTheMachineCanCarry() {
    sessions(4, 0.2);
    run(120);
    assertThat(changes).isEmpty();
  }

  @Test
  void shouldKeepLiveSessionsNearTheEndAtTwiceTheCapacityAndTreatThemAlike() {
    sessions(10, 0.2);
    for (int second = 0; second < 300; second++) {
      run(1);
      assertThat(lagS).isLessThan(12);
      assertThat(loads.values())
          .extracting(SessionLoad::fidelity)
          .containsOnly(loads.get("s0").fidelity());
    }
    assertThat(lagS).isLessThan(1);
    assertThat(changes.size()).as("no flapping").isLessThanOrEqualTo(10 * 8);
  }

  @Test
  void shouldTakePicturesFromThoseToThatCameLaterAndCostAsMuch() {
    sessions(6, 0.2);
    run(20);
    assertThat(loads.get("s0").fidelity()).isNotEqualTo(Fidelity.ALL);
    for (int i = 6; i < 10; i++) {
      fullCost.put("s" + i, 0.2);
    }
    run(60);
    assertThat(loads.values())
        .extracting(SessionLoad::fidelity)
        .containsOnly(loads.get("s0").fidelity());
  }

  @Test
  void shouldTakePicturesFromTheOneThatCostsMuchAndNotFromTheOthers() {
    sessions(6, 0.05);
    fullCost.put("huge", 1.5);
    run(60);
    assertThat(loads.get("huge").fidelity()).isNotEqualTo(Fidelity.ALL);
    assertThat(changes).allMatch(change -> change.startsWith("huge "));
    assertThat(lagS).isLessThan(3);
  }

  @Test
  void shouldGiveAllPicturesBackWithinHalfAMinuteAfterTheLoadIsGone() {
    sessions(10, 0.2);
    run(60);
    for (int i = 3; i < 10; i++) {
      fullCost.remove("s" + i);
      loads.remove("s" + i);
    }
    run(30);
    assertThat(loads.values()).extracting(SessionLoad::fidelity).containsOnly(Fidelity.ALL);
    assertThat(lagS).isLessThan(1);
  }

  @Test
  void shouldLeaveEveryPictureToSessionsThatCatchUpAfterAnOutage() {
    sessions(4, 0.1);
    run(10);
    lagS = 60;
    run(120);
    assertThat(changes).isEmpty();
    assertThat(lagS).isZero();
  }

  @Test
  void shouldJumpToTheNewestKeyFrameWhenFarBehind() {
    sessions(1, 0.5);
    lagS = 300;
    run(1);
    assertThat(changes).hasSize(1);
    assertThat(changes.get(0)).startsWith("s0 none JUMP").contains("fidelity.jump-lag=120000 ms");
    SessionLoad load = loads.get("s0");
    assertThat(control.endsJump(load, true, 100 * SECOND_US)).isFalse();
    assertThat(control.endsJump(load, false, 0)).isFalse();
    assertThat(control.endsJump(load, true, SECOND_US / 2)).isTrue();
  }

  @Test
  void shouldNeverTakeAPictureFromACompleteSession() {
    sessions(10, 0.2);
    complete.addAll(fullCost.keySet());
    run(600);
    assertThat(changes).isEmpty();
    assertThat(lagS).isGreaterThan(120);
  }

  @Test
  void shouldShareAmongLiveSessionsAlikeWhatACompleteOneLeaves() {
    sessions(4, 0.2);
    fullCost.put("file", 0.5);
    complete.add("file");
    run(120);
    assertThat(changes).isNotEmpty().noneMatch(change -> change.startsWith("file "));
    assertThat(liveFidelities())
        .containsOnly(loads.get("s0").fidelity().label())
        .doesNotContain("none");
    assertThat(lagS).isLessThan(1);
  }

  @Test
  void shouldLeaveLiveSessionsTheirKeyFramesWhileACompleteOneTakesAllThereIs() {
    sessions(2, 0.1);
    fullCost.put("file", 1.5);
    complete.add("file");
    run(120);
    assertThat(liveFidelities()).containsOnly("key");
    assertThat(lagS).as("until it is over").isGreaterThan(10);

    fullCost.remove("file");
    loads.remove("file");
    run(60);
    assertThat(liveFidelities()).containsOnly("all");
    assertThat(changes).noneMatch(change -> change.contains(" none "));
    assertThat(lagS).isZero();
  }

  @Test
  void shouldKnowWhatAFileCostsThatWasAppendedAtOnce() {
    SessionLoad file = new SessionLoad();
    file.live(false);
    for (int record = 0; record < 10; record++) {
      file.processed(SECOND_US, /* key= */ true, nowUs, /* spentNs= */ 100_000_000);
    }
    file.evaluate(1);
    assertThat(file.demand(Fidelity.ALL)).isGreaterThan(1);
  }

  @Test
  void shouldLetASessionWithoutRoomTryAgainWhenItsTurnComes() {
    sessions(2, 0.1);
    run(1);
    loads.get("s1").change(Fidelity.KEY, FidelityCause.BUDGET, nowUs);
    run(9);
    assertThat(changes).isEmpty();
    run(2);
    assertThat(changes).hasSize(1);
    assertThat(changes.get(0)).startsWith("s1 all BUDGET");
  }

  @Test
  void shouldTakePicturesFromAllAlikeWhenTheirDecodersDoNotFit() {
    sessions(10, 0.01);
    poolBytes = 500;
    run(1);
    loads.values().forEach(load -> load.holds(100));
    loads.get("s1").change(Fidelity.KEY, FidelityCause.BUDGET, nowUs);
    run(60);
    assertThat(loads.values()).extracting(SessionLoad::fidelity).containsOnly(Fidelity.KEY);
    assertThat(changes).as("no flapping").hasSize(9);
    assertThat(changes.get(0)).endsWith("frameBytes=100 fairShareBytes=50");

    for (int i = 5; i < 10; i++) {
      fullCost.remove("s" + i);
      loads.remove("s" + i);
    }
    run(2);
    assertThat(loads.values()).extracting(SessionLoad::fidelity).containsOnly(Fidelity.ALL);
  }

  @Test
  void shouldTakePicturesOnlyFromTheOneWhoseDecoderIsHuge() {
    sessions(5, 0.01);
    fullCost.put("huge", 0.01);
    poolBytes = 500;
    run(1);
    loads.values().forEach(load -> load.holds(50));
    loads.get("huge").holds(400);
    loads.get("s1").change(Fidelity.KEY, FidelityCause.BUDGET, nowUs);
    run(15);
    assertThat(loads.get("huge").fidelity()).isEqualTo(Fidelity.KEY);
    assertThat(loads.get("s1").fidelity()).isEqualTo(Fidelity.ALL);
    assertThat(changes).hasSize(2);
  }

  private List<String> liveFidelities() {
    return loads.values().stream()
        .filter(SessionLoad::isLive)
        .map(load -> load.fidelity().label())
        .toList();
  }

  private void sessions(int count, double cost) {
    for (int i = 0; i < count; i++) {
      fullCost.put("s" + i, cost);
    }
  }

  private void run(int seconds) {
    for (int second = 0; second < seconds; second++) {
      double costPerLogSecond = 0;
      for (Map.Entry<String, Double> session : fullCost.entrySet()) {
        SessionLoad load = loads.computeIfAbsent(session.getKey(), s -> new SessionLoad());
        costPerLogSecond += session.getValue() * COST[load.fidelity().ordinal()];
      }
      // In one second of the task's time so much of the log is processed, and one more comes.
      double processedS =
          costPerLogSecond == 0 ? lagS + 1 : Math.min(lagS + 1, 1 / costPerLogSecond);
      lagS = lagS + 1 - processedS;
      nowUs += SECOND_US;
      long appendUs = nowUs - (long) (lagS * SECOND_US);
      fullCost.forEach(
          (session, cost) -> {
            SessionLoad load = loads.get(session);
            load.live(!complete.contains(session));
            double spentS = processedS * cost * COST[load.fidelity().ordinal()];
            load.processed(appendUs - (long) (processedS * SECOND_US), true, nowUs, 0);
            load.processed(appendUs, true, nowUs, (long) (spentS * 1e9));
          });
      control.tick(new LinkedHashMap<>(loads), poolBytes, nowUs, this::change);
    }
  }

  private void change(String session, Fidelity to, FidelityCause cause, String numbers) {
    changes.add("%s %s %s %s".formatted(session, to.label(), cause, numbers));
    loads.get(session).change(to, cause, nowUs);
  }
}
