package dev.flinkvideo.jobs.smoke;

import dev.flinkvideo.jobs.KafkaAccess;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is tried, and where.
 *
 * @param kafka where results are looked for, by whoever may look and play
 * @param rest of the JobManager; empty to believe what Kafka shows
 * @param gateway addresses of a gateway's ports; empty where feeds come without one
 * @param kill a shell command that kills a TaskManager and sees that there is one again; empty to
 *     let all live
 * @param footage directory of the clips
 * @param progress is told what goes on, a line at a time
 */
public record SmokeSettings(
    KafkaAccess kafka,
    Optional<URI> rest,
    Optional<GatewayAddresses> gateway,
    Optional<String> kill,
    Path footage,
    Consumer<String> progress) {

  /**
   * Where to publish.
   *
   * @param rtmp server and application, as an encoder is told
   * @param srt host and port
   * @param key that the gateway wants of the streams {@code live/smoke} and {@code smoke}; empty if
   *     it wants none
   */
  public record GatewayAddresses(String rtmp, String srt, String key) {}
}
