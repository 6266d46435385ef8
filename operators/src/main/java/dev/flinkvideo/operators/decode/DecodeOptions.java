package dev.flinkvideo.operators.decode;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.util.TimeUtils;

/** Options of the decoder. */
public final class DecodeOptions {
  /** Value of {@link #OBSERVE} for one observation per picture. */
  public static final String OBSERVE_FRAME = "frame";

  public static final ConfigOption<String> OBSERVE =
      ConfigOptions.key("decode.observe")
          .stringType()
          .defaultValue("1s")
          .withDescription(
              "'frame' for one observation per picture, or a duration of media for one with minimum, mean and maximum"
                  + " per such interval.");

  public static final ConfigOption<Duration> STATUS_INTERVAL =
      ConfigOptions.key("decode.status-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "How often fidelity and latency of each session go to video.events and from there to video.status; in"
                  + " whole seconds, 0 for never.");

  public static final ConfigOption<Boolean> PICTURE_MD5 =
      ConfigOptions.key("decode.picture-md5")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Adds the MD5 of every picture to its observation, as ffmpeg -f framemd5 prints it; only with observe"
                  + " 'frame'.");

  public static final ConfigOption<List<String>> CODECS =
      ConfigOptions.key("decode.codecs")
          .stringType()
          .asList()
          .defaultValues("h264", "hevc", "vp8", "vp9", "av1")
          .withDescription(
              "Codecs that are decoded, by FFmpeg's short names; others are dropped with reason codec-unknown.");

  public static final ConfigOption<Integer> MEMORY_WEIGHT =
      ConfigOptions.key("decode.memory-weight")
          .intType()
          .defaultValue(64)
          .withDescription(
              "Weight of the frame pool among the operators of a slot that use managed memory; only ratios matter.");

  public static final ConfigOption<Boolean> MEMORY_PRE_TOUCH =
      ConfigOptions.key("decode.memory-pre-touch")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Takes the whole frame pool from the operating system when the task starts. A process that has started"
                  + " then never needs more for frames, however many sessions come.");

  public static final ConfigOption<Duration> MAX_TIME_JUMP =
      ConfigOptions.key("timeline.max-jump")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "Time stamps that step further than this, and further than the arrival times show, are re-based.");

  public static final ConfigOption<MemorySize> PREFIX_MAX_SIZE =
      ConfigOptions.key("decode.prefix.max-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(16))
          .withDescription(
              "Encoded bytes since the last key frame that a session keeps, so that its decoder comes back exactly"
                  + " after a failure; beyond it, it would wait for the next key frame. 0 keeps nothing.");

  public static final ConfigOption<Duration> PREFIX_MAX_DURATION =
      ConfigOptions.key("decode.prefix.max-duration")
          .durationType()
          .defaultValue(Duration.ofSeconds(20))
          .withDescription("The same bound in time of media.");

  public static final ConfigOption<MemorySize> PREFIX_MAX_TOTAL_SIZE =
      ConfigOptions.key("decode.prefix.max-total-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(128))
          .withDescription(
              "The same bound for all sessions of a subtask together; they lie on the heap.");

  public static final ConfigOption<Integer> MAX_SUSPENSIONS =
      ConfigOptions.key("decode.max-suspensions-per-second")
          .intType()
          .defaultValue(4)
          .withDescription(
              "How many decoders a subtask may close per second to make room for others; each costs decoding its"
                  + " prefix again.");

  public static final ConfigOption<Double> MAX_SESSION_SHARE =
      ConfigOptions.key("decode.max-session-share")
          .doubleType()
          .defaultValue(0.5)
          .withDescription("Share of a subtask's frame pool that one session may lease, 0 to 1.");

  public static final ConfigOption<Duration> LEASE_LIMIT =
      ConfigOptions.key("decode.lease-limit")
          .durationType()
          .defaultValue(Duration.ofMinutes(1))
          .withDescription(
              "Frame memory that is not used, or not given back, for longer than this is reported as a leak.");

  private DecodeOptions() {}

  /**
   * Length of one observation, or 0 for one per picture.
   *
   * @throws IllegalArgumentException if {@link #OBSERVE} is neither 'frame' nor a duration
   */
  public static long intervalNs(ReadableConfig options) {
    String observe = options.get(OBSERVE);
    if (observe.equals(OBSERVE_FRAME)) {
      return 0;
    }
    try {
      long intervalNs = TimeUtils.parseDuration(observe).toNanos();
      if (intervalNs > 0) {
        return intervalNs;
      }
    } catch (IllegalArgumentException e) {
      // said below, with what it may be
    }
    throw new IllegalArgumentException(
        "option '%s' has no value '%s': say 'frame' or a duration such as 1s"
            .formatted(OBSERVE.key(), observe));
  }
}
