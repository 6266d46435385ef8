package dev.flinkvideo.operators.session;

import static java.util.Map.entry;

import dev.flinkvideo.protocol.PolicyOverrides;
import dev.flinkvideo.protocol.SpecificationFaults;
import dev.flinkvideo.protocol.Trigger;
import dev.flinkvideo.protocol.TriggerPolicy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Holds the job's own policy to what a session's policy is held to, so that a value that cannot
 * work is refused when the job is submitted and not met by a task. Stateless; any thread.
 */
final class PolicyBounds {
  private static final long LEAST_FORGET_MS = 1_000;

  /** By the name in a session's policy. */
  private static final Map<String, ConfigOption<?>> OPTIONS =
      Map.ofEntries(
          entry("stallAfterMs", SessionOptions.STALL_AFTER),
          entry("connectWithinMs", SessionOptions.CONNECT_WITHIN),
          entry("firstSegmentWithinMs", SessionOptions.FIRST_SEGMENT_WITHIN),
          entry("reportWithinMs", SessionOptions.REPORT_WITHIN),
          entry("backoffInitialMs", SessionOptions.BACKOFF_INITIAL),
          entry("backoffFactor", SessionOptions.BACKOFF_FACTOR),
          entry("backoffMaxMs", SessionOptions.BACKOFF_MAX),
          entry("backoffJitter", SessionOptions.BACKOFF_JITTER),
          entry("resetAfterMs", SessionOptions.RESET_AFTER),
          entry("failuresBeforeNext", SessionOptions.FAILURES_BEFORE_NEXT),
          entry("standbys", SessionOptions.STANDBYS),
          entry("returnAfterMs", SessionOptions.RETURN_AFTER),
          entry("quarantineFlaps", SessionOptions.QUARANTINE_FLAPS),
          entry("quarantineWindowMs", SessionOptions.QUARANTINE_WINDOW),
          entry("quarantineMs", SessionOptions.QUARANTINE_FOR),
          entry("keyFrameIntervalMs", SessionOptions.KEY_FRAME_INTERVAL));

  private static final Map<String, ConfigOption<?>> THRESHOLDS =
      Map.of(
          Trigger.LOSS.label(), SessionOptions.LOSS_THRESHOLD,
          Trigger.LATE.label(), SessionOptions.LATE_THRESHOLD,
          Trigger.LOW_BITRATE.label(), SessionOptions.LOW_BITRATE_THRESHOLD,
          Trigger.KEY_FRAME_INTERVAL.label(), SessionOptions.KEY_FRAME_INTERVAL_THRESHOLD);

  private PolicyBounds() {}

  /**
   * @param options of which the policy was made
   * @throws IllegalArgumentException that names every option out of bounds, its value, and what is
   *     allowed
   */
  static SessionPolicy check(SessionPolicy policy, ReadableConfig options) {
    String faults =
        SpecificationFaults.of(asOfASession(policy)).stream()
            .map(fault -> ofOption(fault, options))
            .distinct() // one wait is that of all triggers
            .collect(Collectors.joining("; "));
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(faults);
    }
    if (policy.forgetAfterMs() < LEAST_FORGET_MS) {
      throw new IllegalArgumentException(
          "option '%s' is %d, allowed are %d ms and more"
              .formatted(
                  SessionOptions.FORGET_AFTER.key(), policy.forgetAfterMs(), LEAST_FORGET_MS));
    }
    return policy;
  }

  private static PolicyOverrides asOfASession(SessionPolicy policy) {
    Map<Trigger, TriggerPolicy> triggers = new EnumMap<>(Trigger.class);
    policy
        .triggerDefaults()
        .forEach(
            (trigger, limits) ->
                triggers.put(
                    trigger,
                    new TriggerPolicy(
                        true, limits.raiseMs(), limits.clearMs(), limits.threshold())));
    return new PolicyOverrides(
        policy.stallAfterMs(),
        policy.connectWithinMs(),
        policy.firstSegmentWithinMs(),
        policy.reportWithinMs(),
        policy.backoff().initialMs(),
        policy.backoff().factor(),
        policy.backoff().maxMs(),
        policy.backoff().jitter(),
        policy.resetAfterMs(),
        policy.failuresBeforeNext(),
        policy.makeBeforeBreak(),
        policy.standbys(),
        policy.returnToPreferred(),
        policy.returnAfterMs(),
        policy.quarantineFlaps(),
        policy.quarantineWindowMs(),
        policy.quarantineMs(),
        policy.keyFrameIntervalMs() == 0 ? null : policy.keyFrameIntervalMs(), // not at all
        triggers);
  }

  /** A fault begins with its path in a session's policy: that becomes the option's name. */
  private static String ofOption(String fault, ReadableConfig options) {
    String path = fault.substring(0, fault.indexOf(':'));
    String field = path.substring(path.lastIndexOf('/') + 1);
    return "option '%s' is %s%s"
        .formatted(
            option(path, field, options).key(),
            fault
                .substring(path.length() + 2)
                .replace("backoffInitialMs", SessionOptions.BACKOFF_INITIAL.key()),
            field.endsWith("Ms") ? " ms" : "");
  }

  private static ConfigOption<?> option(String path, String field, ReadableConfig options) {
    String trigger = path.split("/").length > 3 ? path.split("/")[2] : "";
    return switch (field) {
      case "raiseMs" ->
          ofTrigger(
              trigger, SessionOptions.TRIGGER_RAISE, SessionOptions.TRIGGER_RAISE_OF, options);
      case "clearMs" ->
          ofTrigger(
              trigger, SessionOptions.TRIGGER_CLEAR, SessionOptions.TRIGGER_CLEAR_OF, options);
      case "threshold" -> THRESHOLDS.get(trigger);
      default -> OPTIONS.get(field);
    };
  }

  private static ConfigOption<?> ofTrigger(
      String trigger,
      ConfigOption<?> ofAll,
      ConfigOption<Map<String, String>> ofSome,
      ReadableConfig options) {
    Optional<Map<String, String>> some = options.getOptional(ofSome);
    return some.isPresent() && some.get().containsKey(trigger) ? ofSome : ofAll;
  }
}
