package dev.flinkvideo.operators.decode;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Options of what happens when there is more video than the machine can decode. */
public final class FidelityOptions {
  /** Which sessions may lose pictures to keep up. */
  public enum Sessions {
    /** Those that come by RTMP, SRT or WebRTC; files and container records are complete. */
    BY_TRANSPORT,
    /** All: late pictures are of no use. */
    LIVE,
    /** None: every picture counts, however late. */
    COMPLETE
  }

  public static final ConfigOption<Sessions> SESSIONS =
      ConfigOptions.key("decode.sessions")
          .enumType(Sessions.class)
          .defaultValue(Sessions.BY_TRANSPORT)
          .withDescription(
              "Which sessions may lose pictures to keep up: 'live' all, 'complete' none, 'by_transport' those that come"
                  + " by RTMP, SRT or WebRTC.");

  public static final ConfigOption<Duration> LOWER_LAG =
      ConfigOptions.key("fidelity.lower-lag")
          .durationType()
          .defaultValue(Duration.ofSeconds(3))
          .withDescription(
              "A subtask whose live sessions are further behind the end of the log than this, and not catching up,"
                  + " decodes fewer pictures of those that cost more than their fair share.");

  public static final ConfigOption<Duration> RAISE_LAG =
      ConfigOptions.key("fidelity.raise-lag")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription(
              "Below this, for 'fidelity.raise-after', it decodes more pictures again, if their cost fits.");

  public static final ConfigOption<Duration> RAISE_AFTER =
      ConfigOptions.key("fidelity.raise-after")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription("How long the lag must have been low before more pictures are decoded.");

  public static final ConfigOption<Duration> HOLD =
      ConfigOptions.key("fidelity.hold")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription(
              "Least time between two changes of a session, so that one shows its effect.");

  public static final ConfigOption<Duration> TURN =
      ConfigOptions.key("fidelity.turn")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "How long a session that had no room for its decoder waits before it tries again.");

  public static final ConfigOption<Double> TARGET_LOAD =
      ConfigOptions.key("fidelity.target-load")
          .doubleType()
          .defaultValue(0.85)
          .withDescription(
              "Share of a subtask's time that decoding may take when the fidelity of its sessions is chosen.");

  public static final ConfigOption<Duration> JUMP_LAG =
      ConfigOptions.key("fidelity.jump-lag")
          .durationType()
          .defaultValue(Duration.ofMinutes(2))
          .withDescription(
              "A live session further behind than this, say after an outage, goes on at the newest key frame.");

  private FidelityOptions() {}
}
