package dev.flinkvideo.operators.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.session.SessionPolicy.Limits;
import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.Trigger;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** Every value has a number of its own here, so none can arrive at the place of another. */
class SessionPolicyTest {
  private static final SessionPolicy DEFAULTS = SessionOptions.policy(new Configuration());

  @Test
  void shouldTakeEachOptionForWhatItIs() {
    SessionPolicy policy = SessionOptions.policy(options());

    assertThat(policy)
        .usingRecursiveComparison()
        .ignoringFields("triggers", "triggerDefaults")
        .isEqualTo(
            new SessionPolicy(
                /* stallAfterMs= */ 1_001,
                /* connectWithinMs= */ 1_002,
                /* firstSegmentWithinMs= */ 1_003,
                /* reportWithinMs= */ 2_004,
                new Backoff(
                    /* initialMs= */ 1_005,
                    /* factor= */ 1.5,
                    /* maxMs= */ 1_006,
                    /* jitter= */ 0.25),
                /* resetAfterMs= */ 1_007,
                /* failuresBeforeNext= */ 8,
                /* makeBeforeBreak= */ false,
                /* standbys= */ 9,
                /* returnToPreferred= */ true,
                /* returnAfterMs= */ 1_010,
                /* quarantineFlaps= */ 11,
                /* quarantineWindowMs= */ 1_012,
                /* quarantineMs= */ 1_013,
                /* keyFrameIntervalMs= */ 1_014,
                /* forgetAfterMs= */ 1_015,
                Map.of(),
                Map.of()));
    Map<Trigger, Limits> limits =
        Map.of(
            Trigger.BLACK, new Limits(1_016, 1_018, 0),
            Trigger.FROZEN, new Limits(1_016, 1_018, 0),
            Trigger.BLURRED, new Limits(1_016, 1_018, 0),
            Trigger.BLOCKY, new Limits(1_016, 1_018, 0),
            Trigger.LOSS, new Limits(1_017, 1_018, 0.21),
            Trigger.LATE, new Limits(1_016, 1_019, 22),
            Trigger.LOW_BITRATE, new Limits(1_016, 1_018, 23),
            Trigger.KEY_FRAME_INTERVAL, new Limits(1_016, 1_018, 24));
    assertThat(policy.triggerDefaults()).isEqualTo(limits);
    assertThat(policy.triggers())
        .isEqualTo(
            Map.of(
                Trigger.LATE, limits.get(Trigger.LATE),
                Trigger.BLURRED, limits.get(Trigger.BLURRED)));
  }

  @Test
  void shouldTellTheTwoSwitchesApart() {
    Configuration options = options();
    options.setString("session.make-before-break", "true");
    options.setString("session.return", "false");

    assertThat(SessionOptions.policy(options).makeBeforeBreak()).isTrue();
    assertThat(SessionOptions.policy(options).returnToPreferred()).isFalse();
    SessionPolicy stays = DEFAULTS.with(Policies.of("{'returnToPreferred':false}"));
    assertThat(stays.makeBeforeBreak()).isTrue();
    assertThat(stays.returnToPreferred()).isFalse();
    SessionPolicy breaks = DEFAULTS.with(Policies.of("{'makeBeforeBreak':false}"));
    assertThat(breaks.makeBeforeBreak()).isFalse();
    assertThat(breaks.returnToPreferred()).isTrue();
  }

  @Test
  void shouldTakeEachOverrideForWhatItIs() {
    SessionPolicy policy = DEFAULTS.with(overrides());

    assertThat(policy)
        .usingRecursiveComparison()
        .ignoringFields("triggers")
        .isEqualTo(
            new SessionPolicy(
                /* stallAfterMs= */ 1,
                /* connectWithinMs= */ 2,
                /* firstSegmentWithinMs= */ 3,
                /* reportWithinMs= */ 4,
                new Backoff(
                    /* initialMs= */ 5, /* factor= */ 1.5, /* maxMs= */ 6, /* jitter= */ 0.5),
                /* resetAfterMs= */ 7,
                /* failuresBeforeNext= */ 8,
                /* makeBeforeBreak= */ false,
                /* standbys= */ 9,
                /* returnToPreferred= */ true,
                /* returnAfterMs= */ 10,
                /* quarantineFlaps= */ 11,
                /* quarantineWindowMs= */ 12,
                /* quarantineMs= */ 13,
                /* keyFrameIntervalMs= */ 14,
                DEFAULTS.forgetAfterMs(),
                Map.of(),
                DEFAULTS.triggerDefaults()));
    assertThat(policy.triggers())
        .isEqualTo(
            Map.of(
                Trigger.FROZEN, DEFAULTS.triggers().get(Trigger.FROZEN),
                Trigger.LOSS, new Limits(15, 16, 0.25),
                Trigger.LATE, new Limits(2_000, 17, 5_000)));
  }

  @Test
  void shouldLeaveWhatIsNotOverridden() {
    assertThat(DEFAULTS.with(null)).isEqualTo(DEFAULTS);
    assertThat(DEFAULTS.with(Policies.of("{}"))).isEqualTo(DEFAULTS);
    assertThat(DEFAULTS.with(Policies.of("{'triggers':{}}"))).isEqualTo(DEFAULTS);
    assertThat(DEFAULTS.with(Policies.of("{'backoffMaxMs':7}")).backoff())
        .isEqualTo(
            new Backoff(
                DEFAULTS.backoff().initialMs(),
                DEFAULTS.backoff().factor(),
                7,
                DEFAULTS.backoff().jitter()));
  }

  private static Configuration options() {
    return Configuration.fromMap(
        Map.ofEntries(
            Map.entry("session.stall-after", "1001ms"),
            Map.entry("session.connect-within", "1002ms"),
            Map.entry("session.first-segment-within", "1003ms"),
            Map.entry("session.report-within", "2004ms"),
            Map.entry("session.backoff.initial", "1005ms"),
            Map.entry("session.backoff.factor", "1.5"),
            Map.entry("session.backoff.max", "1006ms"),
            Map.entry("session.backoff.jitter", "0.25"),
            Map.entry("session.reset-after", "1007ms"),
            Map.entry("session.failures-before-next", "8"),
            Map.entry("session.make-before-break", "false"),
            Map.entry("session.standbys", "9"),
            Map.entry("session.return", "true"),
            Map.entry("session.return-after", "1010ms"),
            Map.entry("session.quarantine.flaps", "11"),
            Map.entry("session.quarantine.window", "1012ms"),
            Map.entry("session.quarantine.for", "1013ms"),
            Map.entry("session.key-frame-interval", "1014ms"),
            Map.entry("session.forget-after", "1015ms"),
            Map.entry("session.triggers", "late;blurred"),
            Map.entry("session.trigger.raise", "1016ms"),
            Map.entry("session.trigger.raise-of", "loss:1017ms"),
            Map.entry("session.trigger.clear", "1018ms"),
            Map.entry("session.trigger.clear-of", "late:1019ms"),
            Map.entry("session.trigger.loss.threshold", "0.21"),
            Map.entry("session.trigger.late.threshold", "22"),
            Map.entry("session.trigger.low-bitrate.threshold", "23"),
            Map.entry("session.trigger.key-frame-interval.threshold", "24")));
  }

  private static PolicyOverrides overrides() {
    return Policies.of(
        "{'stallAfterMs':1,'connectWithinMs':2,'firstSegmentWithinMs':3,'reportWithinMs':4,"
            + "'backoffInitialMs':5,'backoffFactor':1.5,'backoffMaxMs':6,'backoffJitter':0.5,"
            + "'resetAfterMs':7,'failuresBeforeNext':8,'makeBeforeBreak':false,'standbys':9,"
            + "'returnToPreferred':true,'returnAfterMs':10,'quarantineFlaps':11,"
            + "'quarantineWindowMs':12,'quarantineMs':13,'keyFrameIntervalMs':14,"
            + "'triggers':{'loss':{'raiseMs':15,'clearMs':16,'threshold':0.25},"
            + "'late':{'clearMs':17},'black':{'enabled':false}}}");
  }
}
