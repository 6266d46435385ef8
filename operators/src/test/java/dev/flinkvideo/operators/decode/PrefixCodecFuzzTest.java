package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.flinkvideo.operators.state.UnreadableStateException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever lies in state is read as it was written, or refused in words. The seeds are prefixes of
 * real clips, see {@link FuzzSeedsTest}.
 */
class PrefixCodecFuzzTest {
  private static final long FIRST = 7;

  @FuzzTest
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void read(byte[] bytes) {
    List<SentUnit> units;
    try {
      units = PrefixCodec.read(bytes, FIRST, number -> number % 2 == 0);
    } catch (UnreadableStateException e) {
      assertThat(e).hasMessageContaining("prefix state");
      return;
    }
    byte[] written = PrefixCodec.write(units);
    List<SentUnit> again = PrefixCodec.read(written, FIRST, number -> number % 2 == 0);
    assertThat(again).hasSameSizeAs(units);
    assertThat(PrefixCodec.write(again)).isEqualTo(written);
  }
}
