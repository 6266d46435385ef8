package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What version 1 wrote into checkpoints must be readable for good. {@code -Dregenerate=true} writes
 * the file of the present version anew.
 */
class StateFilesTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/v1/decode-prefix.bin");

  @Test
  void shouldReadAPrefixOfVersion1() throws Exception {
    List<SentUnit> written = prefix();
    if (Boolean.getBoolean("regenerate")) {
      Files.write(GOLDEN, PrefixCodec.write(written));
    }
    List<SentUnit> read = PrefixCodec.read(Files.readAllBytes(GOLDEN), 7, number -> number != 8);
    assertThat(read).hasSameSizeAs(written);
    for (int i = 0; i < read.size(); i++) {
      assertThat(read.get(i).picture()).isEqualTo(written.get(i).picture());
      assertThat(read.get(i).data()).isEqualTo(written.get(i).data());
      assertThat(read.get(i).dts()).isEqualTo(written.get(i).dts());
      assertThat(read.get(i).isShown()).isEqualTo(i != 1);
    }
    assertThat(PrefixCodec.write(read)).isEqualTo(Files.readAllBytes(GOLDEN));
  }

  @Test
  void shouldRefuseAPrefixOfANewerVersion() throws Exception {
    byte[] newer = PrefixCodec.write(prefix());
    newer[0] = 2;
    assertThatThrownBy(() -> PrefixCodec.read(newer, 0, number -> true))
        .hasMessageContaining("prefix state version=2, this job knows up to 1");
  }

  @Test
  void shouldSayThatAPrefixIsDamagedWhereverItIsCutOff() throws Exception {
    byte[] whole = PrefixCodec.write(prefix());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> PrefixCodec.read(cut, 0, number -> true))
          .isInstanceOf(IOException.class);
    }
  }

  private static List<SentUnit> prefix() {
    return List.of(unit(0, true, 40), unit(1, false, 3), unit(2, false, 0));
  }

  private static SentUnit unit(int frame, boolean key, int bytes) {
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) (frame + 1));
    EncodedPicture picture =
        new EncodedPicture(
            "truck", 7, 1_767_225_600_000L, 42, frame, key, 9_000 + frame, 1, 2, 3, 4);
    return new SentUnit(picture, ByteBuffer.wrap(data), 8_000 + frame, frame != 1);
  }
}
