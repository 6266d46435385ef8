package dev.flinkvideo.operators.session;

import dev.flinkvideo.operators.session.SessionPolicy.Limits;
import dev.flinkvideo.protocol.Trigger;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.util.TimeUtils;

/** Options of the session machine: what holds where a session's own policy says nothing. */
public final class SessionOptions {
  public static final ConfigOption<Duration> STALL_AFTER =
      duration("stall-after", "3s", "A source without an access unit for this long has stalled.");

  public static final ConfigOption<Duration> CONNECT_WITHIN =
      duration(
          "connect-within",
          "5s",
          "A connection that is not open after this long has failed; a stalled one is given up after as long.");

  public static final ConfigOption<Duration> FIRST_SEGMENT_WITHIN =
      duration(
          "first-segment-within",
          "10s",
          "A connection without a key frame this long after it opened has failed, and so has one that does not go"
              + " live this long after it was told to.");

  public static final ConfigOption<Duration> REPORT_WITHIN =
      duration(
          "report-within",
          "3s",
          "A gateway that reports nothing of a connection this long is gone.");

  public static final ConfigOption<Duration> BACKOFF_INITIAL =
      duration("backoff.initial", "1s", "Wait before the second attempt at a source.");

  public static final ConfigOption<Double> BACKOFF_FACTOR =
      key("backoff.factor")
          .doubleType()
          .defaultValue(2.0)
          .withDescription("From each wait to the next.");

  public static final ConfigOption<Duration> BACKOFF_MAX =
      duration("backoff.max", "30s", "No wait is longer, but for the jitter.");

  public static final ConfigOption<Double> BACKOFF_JITTER =
      key("backoff.jitter")
          .doubleType()
          .defaultValue(0.2)
          .withDescription(
              "Share by which a wait is made shorter or longer, derived from session, source and attempt.");

  public static final ConfigOption<Duration> RESET_AFTER =
      duration(
          "reset-after",
          "30s",
          "A source that delivered for this long has its failures forgotten.");

  public static final ConfigOption<Integer> FAILURES_BEFORE_NEXT =
      key("failures-before-next")
          .intType()
          .defaultValue(1)
          .withDescription(
              "Failures of the source in use, in a row, before another one that is not open is tried.");

  public static final ConfigOption<Boolean> MAKE_BEFORE_BREAK =
      key("make-before-break")
          .booleanType()
          .defaultValue(true)
          .withDescription("Whether the next source is opened before a bad one is left.");

  public static final ConfigOption<Integer> STANDBYS =
      key("standbys")
          .intType()
          .defaultValue(0)
          .withDescription("Further sources that are kept open, to be moved to at once.");

  public static final ConfigOption<Boolean> RETURN =
      key("return")
          .booleanType()
          .defaultValue(true)
          .withDescription("Whether a session goes back to a source that it prefers.");

  public static final ConfigOption<Duration> RETURN_AFTER =
      duration("return-after", "10s", "How long a preferred source must have been healthy.");

  public static final ConfigOption<Integer> QUARANTINE_FLAPS =
      key("quarantine.flaps")
          .intType()
          .defaultValue(5)
          .withDescription("A source that broke so often within the window is left alone.");

  public static final ConfigOption<Duration> QUARANTINE_WINDOW =
      duration("quarantine.window", "10min", "In which breaks are counted.");

  public static final ConfigOption<Duration> QUARANTINE_FOR =
      duration("quarantine.for", "10min", "For how long a source is left alone.");

  public static final ConfigOption<Duration> KEY_FRAME_INTERVAL =
      duration(
          "key-frame-interval",
          "0s",
          "How often a gateway that can is to ask the source for a key frame; 0 for not at all.");

  public static final ConfigOption<Duration> FORGET_AFTER =
      duration(
          "forget-after",
          "1min",
          "A session that is known by its reports only is told to close, and forgotten, after this long.");

  public static final ConfigOption<List<String>> TRIGGERS =
      key("triggers")
          .stringType()
          .asList()
          .defaultValues("black", "frozen", "loss")
          .withDescription(
              "What, short of silence, moves a session: black, frozen, blurred, blocky, loss, late, low-bitrate,"
                  + " key-frame-interval.");

  public static final ConfigOption<Duration> TRIGGER_RAISE =
      duration(
          "trigger.raise",
          "2s",
          "How long it must be bad before the session moves; for alarms of the picture, after the alarm.");

  public static final ConfigOption<Duration> TRIGGER_CLEAR =
      duration(
          "trigger.clear",
          "5s",
          "How long it must be good again before a move that began is given up.");

  public static final ConfigOption<Map<String, String>> TRIGGER_RAISE_OF =
      key("trigger.raise-of")
          .mapType()
          .noDefaultValue()
          .withDescription(
              "Triggers for which trigger.raise does not hold, with theirs, e.g. black:1s,loss:10s.");

  public static final ConfigOption<Map<String, String>> TRIGGER_CLEAR_OF =
      key("trigger.clear-of")
          .mapType()
          .noDefaultValue()
          .withDescription(
              "Triggers for which trigger.clear does not hold, with theirs, e.g. black:2s,loss:30s.");

  public static final ConfigOption<Double> LOSS_THRESHOLD =
      threshold("loss", 0.1, "Share of packets lost above which a line is bad.");

  public static final ConfigOption<Double> LATE_THRESHOLD =
      threshold("late", 5_000, "Milliseconds from capture to arrival above which a line is bad.");

  public static final ConfigOption<Double> LOW_BITRATE_THRESHOLD =
      threshold("low-bitrate", 100_000, "Bits per second below which a line is bad.");

  public static final ConfigOption<Double> KEY_FRAME_INTERVAL_THRESHOLD =
      threshold(
          "key-frame-interval", 15_000, "Milliseconds between key frames above which it is bad.");

  private SessionOptions() {}

  /**
   * The policy of sessions that have none of their own.
   *
   * @throws IllegalArgumentException if a trigger is unknown, or a value is out of the bounds that
   *     hold for a session's own policy
   */
  public static SessionPolicy policy(ReadableConfig options) {
    Map<Trigger, Limits> all = limits(options);
    Map<Trigger, Limits> on = new EnumMap<>(Trigger.class);
    for (String name : options.get(TRIGGERS)) {
      Trigger trigger = trigger(TRIGGERS, name);
      on.put(trigger, all.get(trigger));
    }
    return PolicyBounds.check(policy(options, on, all), options);
  }

  private static SessionPolicy policy(
      ReadableConfig options, Map<Trigger, Limits> on, Map<Trigger, Limits> all) {
    return new SessionPolicy(
        options.get(STALL_AFTER).toMillis(),
        options.get(CONNECT_WITHIN).toMillis(),
        options.get(FIRST_SEGMENT_WITHIN).toMillis(),
        options.get(REPORT_WITHIN).toMillis(),
        new Backoff(
            options.get(BACKOFF_INITIAL).toMillis(),
            options.get(BACKOFF_FACTOR),
            options.get(BACKOFF_MAX).toMillis(),
            options.get(BACKOFF_JITTER)),
        options.get(RESET_AFTER).toMillis(),
        options.get(FAILURES_BEFORE_NEXT),
        options.get(MAKE_BEFORE_BREAK),
        options.get(STANDBYS),
        options.get(RETURN),
        options.get(RETURN_AFTER).toMillis(),
        options.get(QUARANTINE_FLAPS),
        options.get(QUARANTINE_WINDOW).toMillis(),
        options.get(QUARANTINE_FOR).toMillis(),
        options.get(KEY_FRAME_INTERVAL).toMillis(),
        options.get(FORGET_AFTER).toMillis(),
        on,
        all);
  }

  private static Map<Trigger, Limits> limits(ReadableConfig options) {
    Map<Trigger, Double> thresholds =
        Map.of(
            Trigger.LOSS, options.get(LOSS_THRESHOLD),
            Trigger.LATE, options.get(LATE_THRESHOLD),
            Trigger.LOW_BITRATE, options.get(LOW_BITRATE_THRESHOLD),
            Trigger.KEY_FRAME_INTERVAL, options.get(KEY_FRAME_INTERVAL_THRESHOLD));
    Map<Trigger, Duration> raise = durations(options, TRIGGER_RAISE, TRIGGER_RAISE_OF);
    Map<Trigger, Duration> clear = durations(options, TRIGGER_CLEAR, TRIGGER_CLEAR_OF);
    Map<Trigger, Limits> limits = new EnumMap<>(Trigger.class);
    for (Trigger trigger : Trigger.values()) {
      limits.put(
          trigger,
          new Limits(
              raise.get(trigger).toMillis(),
              clear.get(trigger).toMillis(),
              thresholds.getOrDefault(trigger, 0.0)));
    }
    return limits;
  }

  private static Map<Trigger, Duration> durations(
      ReadableConfig options,
      ConfigOption<Duration> ofAll,
      ConfigOption<Map<String, String>> ofSome) {
    Map<Trigger, Duration> durations = new EnumMap<>(Trigger.class);
    for (Trigger trigger : Trigger.values()) {
      durations.put(trigger, options.get(ofAll));
    }
    options
        .getOptional(ofSome)
        .orElse(Map.of())
        .forEach((name, text) -> durations.put(trigger(ofSome, name), duration(ofSome, text)));
    return durations;
  }

  private static Duration duration(ConfigOption<?> option, String text) {
    try {
      return TimeUtils.parseDuration(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "option '%s' has '%s', which is no duration: say, for example, 2s"
              .formatted(option.key(), text),
          e);
    }
  }

  private static Trigger trigger(ConfigOption<?> option, String name) {
    return Trigger.labelled(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "option '%s' has no trigger '%s': known are %s"
                        .formatted(
                            option.key(),
                            name,
                            Arrays.stream(Trigger.values()).map(Trigger::label).toList())));
  }

  private static ConfigOptions.OptionBuilder key(String key) {
    return ConfigOptions.key("session." + key);
  }

  private static ConfigOption<Duration> duration(String key, String value, String description) {
    return key(key)
        .durationType()
        .defaultValue(TimeUtils.parseDuration(value))
        .withDescription(description);
  }

  private static ConfigOption<Double> threshold(String trigger, double value, String description) {
    return key("trigger." + trigger + ".threshold")
        .doubleType()
        .defaultValue(value)
        .withDescription(description);
  }
}
