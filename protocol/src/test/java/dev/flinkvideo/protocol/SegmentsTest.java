package dev.flinkvideo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.Segment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsTest {
  @Test
  void shouldReadWhatItWrote() throws Exception {
    Segment segment = Samples.segment();

    assertThat(Segments.read(Segments.write(segment))).isEqualTo(segment);
  }

  @Test
  void shouldKeepAbsentTimeStampsAbsent() throws Exception {
    Segment read = Segments.read(Segments.write(Samples.segment()));

    assertThat(read.getAccessUnits(0).hasPts()).isTrue();
    assertThat(read.getAccessUnits(1).hasPts()).isFalse();
    assertThat(read.getAccessUnits(1).hasDts()).isFalse();
  }

  @Test
  void shouldNotCopyThePayload() throws Exception {
    Segment segment =
        Samples.segment().toBuilder().setPayload(ByteString.copyFromUtf8("payload!")).build();
    byte[] bytes = Segments.write(segment);

    Segment read = Segments.read(bytes);
    int at = new String(bytes, ISO_8859_1).indexOf("payload!");
    bytes[at] = 'P';

    assertThat(read.getPayload().toStringUtf8()).isEqualTo("Payload!");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, Integer.MAX_VALUE, -1})
  void shouldRefuseANewerVersionAndSayWhatToUpgrade(int version) {
    RejectedRecordException refused = rejected(Samples.segment().toBuilder().setVersion(version));

    assertThat(refused.reason()).isEqualTo(RejectReason.NEWER_VERSION);
    assertThat(refused)
        .hasMessage(
            "segment version=%d, this reader knows up to 1: upgrade the job before its producers",
            Integer.toUnsignedLong(version));
  }

  @Test
  void shouldRefuseWhatHasNoVersion() {
    RejectedRecordException refused = rejected(Samples.segment().toBuilder().clearVersion());

    assertThat(refused.reason()).isEqualTo(RejectReason.UNREADABLE);
    assertThat(refused).hasMessageContaining("no version");
  }

  @Test
  void shouldRefuseNothing() {
    assertThat(rejected(new byte[0]).reason()).isEqualTo(RejectReason.UNREADABLE);
  }

  @Test
  void shouldRefuseNoiseAndNeverThrowAnythingElse() {
    for (int seed = 0; seed < 2_000; seed++) {
      byte[] noise = Samples.noise(1 + seed % 200, seed);
      assertThatThrownBy(() -> Segments.read(noise)).isInstanceOf(RejectedRecordException.class);
    }
  }

  @Test
  void shouldRefuseEveryTruncation() {
    byte[] whole = Segments.write(Samples.segment());
    for (int bytes = 0; bytes < whole.length; bytes++) {
      byte[] cut = Arrays.copyOf(whole, bytes);
      assertThatThrownBy(() -> Segments.read(cut))
          .as("cut at %d", bytes)
          .isInstanceOf(RejectedRecordException.class);
    }
  }

  @Test
  void shouldSurviveEveryDamagedByte() {
    byte[] whole = Segments.write(Samples.segment());
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        assertReadOrRejected(damaged);
      }
    }
  }

  @Test
  void shouldRefuseWhatFollowsAStrayEndGroupTag() {
    byte[] whole = Segments.write(Samples.segment());
    byte[] longer = Arrays.copyOf(whole, whole.length + 3);
    longer[whole.length] = 0x0c; // field 1, wire type 4

    assertThat(rejected(longer).reason()).isEqualTo(RejectReason.UNREADABLE);
  }

  @ParameterizedTest
  @CsvSource({"0, 90000", "1, 0", "0, 0", "-1, 90000", "1, -1"})
  void shouldRefuseATimeBaseThatIsNotPositive(int numerator, int denominator) {
    assertInvalid(
        Samples.segment().toBuilder()
            .setTimeBaseNumerator(numerator)
            .setTimeBaseDenominator(denominator),
        "time base");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 6, -1, Integer.MAX_VALUE})
  void shouldRefuseSizesThatLie(int size) {
    Segment.Builder segment = Samples.segment().toBuilder();
    segment.getAccessUnitsBuilder(0).setSize(size);

    assertInvalid(segment, "the payload has 8");
  }

  @Test
  void shouldRefuseTenThousandAccessUnits() {
    Segment.Builder segment = Samples.segment().toBuilder().clearAccessUnits().clearPayload();
    for (int i = 0; i < 10_000; i++) {
      segment.addAccessUnits(AccessUnit.getDefaultInstance());
    }

    assertInvalid(segment, "access units=10000");
  }

  @Test
  void shouldRefuseASegmentWithoutAccessUnits() {
    assertInvalid(
        Samples.segment().toBuilder().clearAccessUnits().clearPayload(), "no access unit");
  }

  @Test
  void shouldRefuseASegmentOfNoSession() {
    assertInvalid(Samples.segment().toBuilder().clearSession(), "session is empty");
  }

  @Test
  void shouldRefuseNumbersThatOverflowALong() {
    assertInvalid(Samples.segment().toBuilder().setEpoch(-1), "2^63");
    assertInvalid(Samples.segment().toBuilder().setOpenedAtMs(-1), "2^63");
    assertInvalid(Samples.segment().toBuilder().setSequence(-1), "2^63");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "1, 0", "0, 65", "-1, 2", "0, -1", "5, 3"})
  void shouldRefusePartsThatLie(int part, int parts) {
    assertInvalid(onePart().setPart(part).setParts(parts), "part ");
  }

  @Test
  void shouldRefuseAPartWithTwoAccessUnits() {
    assertInvalid(Samples.segment().toBuilder().setPart(0).setParts(2), "with 2 access units");
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 2", "1, 2", "63, 64"})
  void shouldReadParts(int part, int parts) throws Exception {
    Segment segment = onePart().setPart(part).setParts(parts).build();

    assertThat(Segments.read(Segments.write(segment))).isEqualTo(segment);
  }

  private static Segment.Builder onePart() {
    return Samples.segment().toBuilder()
        .clearAccessUnits()
        .addAccessUnits(AccessUnit.newBuilder().setSize(8));
  }

  private static void assertInvalid(Segment.Builder segment, String why) {
    RejectedRecordException refused = rejected(segment);
    assertThat(refused.reason()).isEqualTo(RejectReason.INVALID);
    assertThat(refused).hasMessageContaining(why);
  }

  private static void assertReadOrRejected(byte[] bytes) {
    try {
      Segments.read(bytes);
    } catch (RejectedRecordException expected) {
      assertThat(expected.reason()).isNotNull();
    }
  }

  private static RejectedRecordException rejected(Segment.Builder segment) {
    return rejected(Segments.write(segment.build()));
  }

  private static RejectedRecordException rejected(byte[] bytes) {
    RejectedRecordException refused =
        catchThrowableOfType(RejectedRecordException.class, () -> Segments.read(bytes));
    assertThat(refused).isNotNull();
    return refused;
  }
}
