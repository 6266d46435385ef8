package dev.flinkvideo.jobs.lab.failover;

import static dev.flinkvideo.jobs.lab.failover.Scenario.BACKUP;
import static dev.flinkvideo.jobs.lab.failover.Scenario.TRUCK;

import dev.flinkvideo.jobs.lab.Check;
import dev.flinkvideo.operators.admission.AdmissionOptions;
import dev.flinkvideo.protocol.EventKind;
import java.time.Duration;
import java.util.List;

/** The rows of docs/session.md's table but the one in which a worker is killed. Stateless. */
final class Scenarios {
  private static final String WARM = "{\"standbys\":1}";
  private static final String COLD = "{}";

  /** Everything happens early and often; the quarantine comes within a minute and stays. */
  private static final String IMPATIENT =
      """
      {"standbys":1,"returnAfterMs":500,"backoffInitialMs":500,"backoffMaxMs":500,"quarantineFlaps":5,
       "quarantineMs":86400000}""";

  private static final int FLAPS_UNTIL_QUARANTINE = 5;
  private static final double QUARANTINED_WITHIN_S = 60;

  /** A command there, a report back and a picture judged, on a machine that does more than this. */
  private static final double RECORD_S = 1;

  // Of the default policy.
  private static final double STALL_S = 3;
  private static final double RAISE_S = 2;
  private static final double HOLD_S = 10;
  private static final double LONGEST_WAIT_S = 30;

  /** Half a tick of a millisecond clock, and what two changes to and from one can cost. */
  private static final double AXIS_MS = 1.6;

  private static final double JITTER = 0.2;

  private static final Duration FAULT = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofSeconds(20);
  private static final Duration FLAP = Duration.ofSeconds(4);
  private static final int FLAPS = 9;

  private Scenarios() {}

  /**
   * @param outage how long all sources are dead in the scenario where they are
   */
  static List<Scenario> of(Sources sources, Duration outage) {
    double keyFrameS = seconds(sources.firstKeyFrameWithin());
    return List.of(
        closedWarm(),
        stalled(),
        closedCold(keyFrameS),
        badPicture("black", Condition.BLACK, sources),
        badPicture("frozen", Condition.FROZEN, sources),
        flapping(),
        returning(sources),
        allDead(outage, keyFrameS));
  }

  static Scenario closedWarm() {
    return Scenario.of("closed, standby warm", "moved at the next record, 0 lost, 0 doubled", WARM)
        .step(FAULT, TRUCK, Condition.CLOSED)
        .lasting(SHORT, 1)
        .checked(
            seen ->
                List.of(
                    most("until moved", seen.moveSeconds(), RECORD_S, "s"),
                    most("lost", seen.lost(), 0, ""),
                    most("doubled", seen.doubled(), 0, "")));
  }

  private static Scenario stalled() {
    return Scenario.of("stalled, standby warm", "stall time and one record", WARM)
        .step(FAULT, TRUCK, Condition.SILENT)
        .lasting(SHORT, 1)
        .checked(
            seen ->
                List.of(
                    most("until moved", seen.moveSeconds(), STALL_S + RECORD_S, "s"),
                    most("doubled", seen.doubled(), 0, "")));
  }

  private static Scenario closedCold(double keyFrameS) {
    return Scenario.of("closed, next source cold", "connect time and one key frame", COLD)
        .step(FAULT, TRUCK, Condition.CLOSED)
        .lasting(SHORT, 1)
        .checked(
            seen ->
                List.of(
                    most("until moved", seen.moveSeconds(), keyFrameS + RECORD_S, "s"),
                    most("doubled", seen.doubled(), 0, "")));
  }

  /**
   * The two carry different pictures, as two encodes do: none is known to be the same, so the new
   * one is shown from when it is surely later.
   */
  private static Scenario badPicture(String alarm, Condition condition, Sources sources) {
    double slackS = seconds(AdmissionOptions.ARRIVAL_SLACK.defaultValue());
    double slackPictures = Math.ceil(slackS / sources.pictureSeconds());
    return Scenario.of(
            "picture " + alarm,
            "alarm, and the trigger's raise time",
            "{\"returnToPreferred\":false}")
        .step(FAULT, TRUCK, condition)
        .lasting(SHORT, 1)
        .checked(
            seen -> {
              double alarmMs = seen.eventMs(EventKind.ALARM_RAISED, alarm);
              double decidedMs = seen.decidedMs("triggered", alarmMs);
              return List.of(
                  most("from alarm to move", (decidedMs - alarmMs) / 1e3, RAISE_S + RECORD_S, "s"),
                  most("lost", seen.lost(), slackPictures, ""),
                  most("doubled", seen.doubled(), 0, ""));
            });
  }

  private static Scenario flapping() {
    int most = 2 * FLAPS_UNTIL_QUARANTINE - 1; // away at each, and back in between
    Scenario scenario =
        Scenario.of(
            "preferred flaps each 4 s", "quarantined, no move more than allowed", IMPATIENT);
    for (int i = 0; i < FLAPS; i++) {
      Duration down = FAULT.plus(FLAP.multipliedBy(2L * i));
      scenario =
          scenario.step(down, TRUCK, Condition.CLOSED).step(down.plus(FLAP), TRUCK, Condition.GOOD);
    }
    return scenario
        .lasting(FAULT.plus(FLAP.multipliedBy(2L * FLAPS)), 1)
        .checked(
            seen ->
                List.of(
                    most("moves", seen.moves(), most, ""),
                    least("moves", seen.moves(), 1, ""),
                    most(
                        "moves once quarantined",
                        seen.moves(seen.quarantinedMs() + RECORD_S * 1e3),
                        0,
                        ""),
                    most("until quarantined", quarantineS(seen), QUARANTINED_WITHIN_S, "s")));
  }

  private static double quarantineS(SeenSession seen) {
    return (seen.quarantinedMs() - seen.faultMs()) / 1e3;
  }

  private static Scenario returning(Sources sources) {
    double keyFrameS = seconds(sources.firstKeyFrameWithin());
    Duration back = FAULT.plusSeconds(3);
    double waitS = 4 * (1 + JITTER); // of the back-off, when a source was closed for three seconds
    return Scenario.of("preferred healthy again", "back after the hold time, axis unbroken", WARM)
        .step(FAULT, TRUCK, Condition.CLOSED)
        .step(back, TRUCK, Condition.GOOD)
        .lasting(Duration.ofSeconds(35), 2)
        .checked(
            seen -> {
              double backS = (seen.decidedMs("preferred-healthy", 0) - seen.lastDoneMs()) / 1e3;
              return List.of(
                  least("until it returns", backS, HOLD_S, "s"),
                  most("until it returns", backS, HOLD_S + waitS + keyFrameS + RECORD_S, "s"),
                  most("lost", seen.lost(), 0, ""),
                  most("doubled", seen.doubled(), 0, ""),
                  most("axis off by", seen.worstAxisErrorMs(), AXIS_MS, "ms"));
            });
  }

  private static Scenario allDead(Duration outage, double keyFrameS) {
    Duration end = FAULT.plus(outage);
    double longestS = LONGEST_WAIT_S * (1 + JITTER);
    return Scenario.of(
            "all dead for %d s".formatted(outage.toSeconds()),
            "back-off to 30 s ± 20 %, back within one step",
            COLD)
        .step(FAULT, TRUCK, Condition.CLOSED)
        .step(FAULT, BACKUP, Condition.CLOSED)
        .step(end, TRUCK, Condition.GOOD)
        .step(end, BACKUP, Condition.GOOD)
        .lasting(end.plusSeconds(45), 1)
        .checked(
            seen -> {
              double longest =
                  seen.waitsSeconds(TRUCK, seen.faultMs(), seen.lastDoneMs()).stream()
                      .mapToDouble(Double::doubleValue)
                      .max()
                      .orElse(Double.NaN);
              return List.of(
                  least("longest wait", longest, LONGEST_WAIT_S * (1 - JITTER), "s"),
                  most("longest wait", longest, longestS + RECORD_S, "s"),
                  most(
                      "until there is a picture again",
                      seen.shownAfterSeconds(seen.lastDoneMs()),
                      longestS + keyFrameS + RECORD_S,
                      "s"));
            });
  }

  private static Check most(String name, double value, double limit, String unit) {
    return Check.atMost(name + ", at most", value, limit, unit);
  }

  private static Check least(String name, double value, double limit, String unit) {
    return Check.atLeast(name + ", at least", value, limit, unit);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
