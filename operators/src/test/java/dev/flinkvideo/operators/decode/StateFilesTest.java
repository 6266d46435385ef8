package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.operators.admission.Admitted;
import dev.flinkvideo.operators.state.UnreadableStateException;
import dev.flinkvideo.protocol.Fidelity;
import dev.flinkvideo.protocol.wire.Segment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What earlier versions wrote into checkpoints must be readable for good. {@code -Dregenerate=true}
 * writes the files of the present versions anew.
 */
class StateFilesTest {
  private static final long POOL_BYTES = 16 << 20;
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
        .hasMessageContaining("prefix state has version=2, this job knows 1 to 1: restore it with");
  }

  @Test
  void shouldSayThatAPrefixIsDamagedWhereverItIsCutOff() throws Exception {
    byte[] whole = PrefixCodec.write(prefix());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> PrefixCodec.read(cut, 0, number -> true))
          .isInstanceOf(UnreadableStateException.class)
          .hasMessageStartingWith("prefix state is damaged, ")
          .hasMessageContaining(" of %d: restore from an older", length);
    }
  }

  @Test
  void shouldSayWhatTheDecoderOfAnotherVersionIs() throws Exception {
    try (DecodeHarness harness = restored()) {
      for (int version : new int[] {-1, 0, 3, 127}) {
        harness.changeState(
            "s",
            bytes -> {
              bytes[0] = (byte) version;
              return bytes;
            });
        Segment next = segments().get(3);
        assertThatThrownBy(() -> harness.process(DecodeHarness.media(next)))
            .isInstanceOf(UnreadableStateException.class)
            .hasMessage(
                "decoder state has version=%d, this job knows 1 to 2: restore it with the job that wrote it, or start"
                    + " from a savepoint of this one",
                version);
      }
    }
  }

  @Test
  void shouldSayThatADecoderIsDamagedWhereverItIsCutOff() throws Exception {
    try (DecodeHarness harness = restored()) {
      byte[] whole = harness.state("s");
      for (int length = 0; length < whole.length; length += 1 + length / 100) {
        byte[] cut = Arrays.copyOf(whole, length);
        harness.changeState("s", bytes -> cut);
        assertThatThrownBy(() -> read(harness))
            .isInstanceOf(UnreadableStateException.class)
            .hasMessageStartingWith("decoder state is damaged, ");
      }
    }
  }

  @Test
  void shouldReadOrRefuseADecoderWithAnyByteBroken() throws Exception {
    int refused = 0;
    try (DecodeHarness harness = restored()) {
      byte[] whole = harness.state("s");
      for (int at = 0; at < whole.length; at += 1 + at / 100) {
        byte[] broken = whole.clone();
        broken[at] ^= (byte) 0x81;
        harness.changeState("s", bytes -> broken);
        try {
          assertThat(read(harness)).isTrue();
        } catch (UnreadableStateException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
  }

  /**
   * Written by each version after three segments of the session, by version 2 at fewer pictures.
   */
  @ParameterizedTest
  @CsvSource({"1, ALL", "2, REFERENCE"})
  void shouldGoOnFromTheDecoderOfEachVersion(int version, Fidelity fidelity) throws Exception {
    Path golden = Path.of("src/test/resources/golden/v%d/decoder-state.bin".formatted(version));
    Configuration options = everyPictureOfLiveSessions();
    if (Boolean.getBoolean("regenerate") && version == 2) {
      try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
        harness.feed(segments().subList(0, 3));
        harness.operator().choose("s", fidelity, FidelityCause.BUDGET, "asked to");
        harness.checkpoint();
        Files.write(golden, harness.state("s"));
      }
    }
    byte[] written = Files.readAllBytes(golden);
    assertThat(written[0]).isEqualTo((byte) version);
    try (DecodeHarness harness = restored(options)) {
      harness.changeState("s", bytes -> written);
      harness.feed(segments().subList(3, 6));
      harness.process(new Admitted.Idle("s"));
      assertThat(harness.frames())
          .isNotEmpty()
          .allMatch(frame -> !frame.damaged())
          .filteredOn(frame -> frame.sequence() >= 3)
          .isNotEmpty()
          .allMatch(frame -> frame.fidelity() == fidelity);
      assertThat(harness.dropped("over-budget") > 0).isEqualTo(fidelity != Fidelity.ALL);
    }
  }

  /** An operator with the state of a session in mid-stream, its interval and what it holds back. */
  private static DecodeHarness restored() throws Exception {
    return restored(new Configuration());
  }

  private static DecodeHarness restored(Configuration options) throws Exception {
    OperatorSubtaskState checkpoint;
    try (DecodeHarness harness = DecodeHarness.open(options, POOL_BYTES)) {
      harness.feed(segments().subList(0, 3));
      checkpoint = harness.checkpoint();
    }
    return DecodeHarness.restore(options, POOL_BYTES, checkpoint);
  }

  private static Configuration everyPictureOfLiveSessions() {
    Configuration options = new Configuration();
    options.set(DecodeOptions.OBSERVE, "frame");
    options.set(FidelityOptions.SESSIONS, FidelityOptions.Sessions.LIVE);
    return options;
  }

  private static List<Segment> segments() {
    return DecodeHarness.segments("h264-420-8.mp4", "s", 1);
  }

  private static boolean read(DecodeHarness harness) throws Exception {
    DecodeOperator operator = harness.operator();
    operator.setCurrentKey("s");
    return new SessionState(operator.getKeyedStateBackend())
        .read(new SessionDecoder("s", operator), new SessionState.Written());
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
