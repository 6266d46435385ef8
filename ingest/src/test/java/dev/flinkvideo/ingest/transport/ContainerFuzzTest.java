package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * What RTMP and SRT hand over to libavformat ends with a reason, whatever it is. An input is a byte
 * that chooses the container, then its bytes; the seeds are a clip in both.
 */
class ContainerFuzzTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @FuzzTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void read(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    String container = bytes[0] % 2 == 0 ? "flv" : "mpegts";
    BytesFeed feed = new BytesFeed(Arrays.copyOfRange(bytes, 1, bytes.length));
    Recording recording = new Recording();

    Ending ending =
        ContainerReader.of(feed, container, new Deadlines(PATIENCE, PATIENCE, PATIENCE))
            .read(recording);

    assertThat(ending.reason()).isNotNull();
    assertThat(ending.detail()).isNotBlank();
    assertThat(feed.isClosed()).isTrue();
    assertThat(recording.units()).allMatch(unit -> unit.unit().data().length > 0);
  }
}
