package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.FrameObservation;
import dev.flinkvideo.protocol.StreamFormat;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/**
 * Real access units, changed at will, through the decode operator: whatever they are, it neither
 * throws nor keeps a slot, and a decoder that is closed and comes back shows the same pictures. The
 * seeds are the first pictures of real clips, see {@link FuzzSeedsTest}.
 *
 * <p>A leak is seen here if it is one of slots or frames. What libav allocates for itself would not
 * be: resident memory of a JVM that has run for seconds says too little; the lab's soak watches it.
 */
class DecodeFuzzTest {
  private static final long POOL_BYTES = 16 << 20;
  private static final String SESSION = "s";
  private static final long STEP_TICKS = 80;

  private static DecodeHarness harness;

  @BeforeAll
  static void open() throws Exception {
    Configuration options = new Configuration();
    options.set(DecodeOptions.OBSERVE, "frame");
    harness = DecodeHarness.open(options, POOL_BYTES);
    harness.process(new Admitted.Idle("another"));
  }

  @AfterAll
  static void close() {
    harness.close();
  }

  @FuzzTest
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void decode(byte[] bytes) throws Exception {
    FuzzedStream stream = FuzzedStream.read(bytes);
    List<Long> seen = seen(stream, /* suspending= */ true);
    assertThat(seen).isEqualTo(seen(stream, /* suspending= */ false));
    assertThat(seen).hasSizeLessThanOrEqualTo(2 * stream.steps().size());
  }

  /**
   * Which pictures come out, with or without the decoder being closed in between. What they show is
   * compared by {@link BrokenStreamsTest}.
   */
  private static List<Long> seen(FuzzedStream stream, boolean suspending) throws Exception {
    long sequence = 0;
    for (FuzzedStream.Step step : stream.steps()) {
      harness.process(media(step, stream.format(step), sequence++));
      if (suspending && step.suspended()) {
        harness.suspend();
      }
      if (step.idle()) {
        harness.process(new Admitted.Idle(SESSION));
      }
    }
    return harness.end(SESSION).stream().map(FrameObservation::sequence).toList();
  }

  private static Admitted media(FuzzedStream.Step step, StreamFormat format, long sequence) {
    long ticks = sequence * STEP_TICKS;
    EncodedUnit unit = new EncodedUnit(step.unit(), ticks, ticks, step.key(), 0);
    Segment segment = DecodeHarness.segment(SESSION, format, sequence, unit);
    return new Admitted.Media(segment, step.restart(), List.of(), 0, 0);
  }
}
