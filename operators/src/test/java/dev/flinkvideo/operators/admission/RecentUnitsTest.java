package dev.flinkvideo.operators.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.Segments;
import dev.flinkvideo.protocol.wire.AccessUnit;
import dev.flinkvideo.protocol.wire.CaptureClock;
import dev.flinkvideo.protocol.wire.Segment;
import dev.flinkvideo.protocol.wire.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two connections of one encode: pictures are numbers, every tenth is a key frame. */
class RecentUnitsTest {
  private static final int GROUP = 10;
  private static final long ARRIVAL_US = 1_700_000_000_000_000L;
  private static final long NO_TIME = EncodedUnit.NO_TIME;

  private final Configuration options = new Configuration();
  private AdmissionHarness admission;
  private Transport transport = Transport.TRANSPORT_SRT;
  private int parts;
  private int encode;
  private boolean stamped = true;
  private boolean clocks;

  @AfterEach
  void close() {
    if (admission != null) {
      admission.close();
    }
  }

  @Test
  void shouldTellHowManyAccessUnitsOfEachSegmentWereShown() throws Exception {
    feed(1, 0, 27);
    assertThat(feed(2, 20, 33)).containsExactly(3, 3, 1, 0, 0);
  }

  @Test
  void shouldRecogniseTheGroupBeforeTheNewestToo() throws Exception {
    feed(1, 0, 27);
    assertThat(feed(2, 10, 30)).containsExactly(3, 3, 3, 1, 3, 3, 1, 0);
  }

  /** 5 s are 12.5 groups. */
  @Test
  void shouldRememberWhatAStandbyReachesBackTo() throws Exception {
    feed(1, 0, 1_007);
    long size = admission.checkpoint().getStateSize();
    feed(1, 1_010, 2_027);
    assertThat(admission.checkpoint().getStateSize()).isEqualTo(size);
    Admitted.Media known = media(admission.process(segment(2, 1_890, 3))).get(0);
    assertThat(known.shown()).hasSize(3).doesNotContain(Shown.LOST);
  }

  @Test
  void shouldForgetWhatIsOlder() throws Exception {
    feed(1, 0, 1_027);
    Admitted.Media forgotten = media(admission.process(segment(2, 860, 3))).get(0);
    assertThat(forgotten.shown()).hasSize(3).containsOnly(Shown.LOST);
  }

  @Test
  void shouldRememberTwoGroupsOfWhatIsNotStamped() throws Exception {
    stamped = false;
    feed(1, 0, 27);
    long twoGroups = admission.checkpoint().getStateSize();
    feed(1, 30, 1_027);
    assertThat(admission.checkpoint().getStateSize()).isEqualTo(twoGroups);
  }

  /** The second connection is 70 ms behind: two pictures, and one that came in their segment. */
  @Test
  void shouldNotShowOfAnotherEncodeWhatArrivedBeforeTheFirstEnded() throws Exception {
    options.set(AdmissionOptions.ARRIVAL_SLACK, Duration.ZERO);
    feed(1, 0, 27);
    encode = 1;
    assertThat(feed(2, 10, 33)).containsExactly(3, 3, 3, 1, 3, 3, 0, 0, 0);
    assertThat(admission.count("dropped", "overlap")).isEqualTo(16);
    encode = 2;
    assertThat(feed(3, 20, 40)).containsExactly(3, 3, 3, 1, 1, 0, 0, 0);
  }

  /** 300 ms are seven pictures. */
  @Test
  void shouldNotShowOfAnotherEncodeWhatArrivedSoonAfterTheFirstEnded() throws Exception {
    feed(1, 0, 27);
    encode = 1;
    List<Integer> shown = new ArrayList<>(feed(2, 20, 29));
    restore();
    shown.addAll(feed(2, 29, 36));
    assertThat(shown).containsExactly(3, 3, 3, 1, 2, 0);
    encode = 2;
    assertThat(feed(3, 50, 56)).containsOnly(0);
  }

  /** Each says that its pictures were taken when the first connection's arrived. */
  @Test
  void shouldShowOfAnotherEncodeAllThatWasTakenLater() throws Exception {
    clocks = true;
    feed(1, 0, 27);
    encode = 1;
    List<Integer> shown = new ArrayList<>(feed(2, 20, 26));
    restore();
    shown.addAll(feed(2, 26, 36));
    assertThat(shown).containsExactly(3, 3, 1, 0, 0, 0);
  }

  @Test
  void shouldSayAsWhatTheyWereShown() throws Exception {
    feed(1, 0, 27);
    Admitted.Media first = media(admission.process(segment(2, 20, 3))).get(0);
    assertThat(first.shown())
        .containsExactly(
            new Shown(1_800, 1, 2_250), new Shown(1_890, 1, 2_250), new Shown(1_980, 1, 2_250));
  }

  @Test
  void shouldGoOnComparingAfterARestore() throws Exception {
    feed(1, 0, 27);
    List<Integer> shown = new ArrayList<>(feed(2, 20, 23));
    restore();
    for (int picture = 23; picture < 29; picture += 3) {
      shown.addAll(feed(2, picture, picture + 3));
      restore();
    }
    assertThat(shown).containsExactly(3, 3, 1);
  }

  @Test
  void shouldCompareAThirdConnectionWithWhatTheFirstShowed() throws Exception {
    feed(1, 0, 27);
    assertThat(feed(2, 20, 23)).containsExactly(3);
    assertThat(feed(3, 20, 30)).containsExactly(3, 3, 1, 0);
    assertThat(feed(4, 20, 33)).containsExactly(3, 3, 3, 1, 0);
  }

  @Test
  void shouldBeginAnewWithAKeyFrameAfterALoss() throws Exception {
    feed(1, 0, 27);
    assertThat(feed(2, 10, 13)).containsExactly(3);
    assertThat(feed(2, 20, 30)).containsExactly(3, 3, 1, 0);
  }

  @Test
  void shouldTreatAllPartsOfAnAccessUnitAlike() throws Exception {
    feed(1, 0, 21);
    parts = 3;
    assertThat(feed(2, 20, 21)).containsExactly(1, 1, 1);
    assertThat(feed(2, 30, 31)).containsExactly(0, 0, 0);
  }

  @Test
  void shouldJudgeAFileThatIsSentAgain() throws Exception {
    transport = Transport.TRANSPORT_FILE;
    feed(1, 0, 27);
    assertThat(feed(2, 20, 27)).containsOnly(0);
  }

  @Test
  void shouldCompareNothingIfItIsTurnedOff() throws Exception {
    options.set(AdmissionOptions.OVERLAP_WITHIN, Duration.ZERO);
    feed(1, 0, 27);
    long small = admission.checkpoint().getStateSize();
    feed(1, 27, 57);
    assertThat(admission.checkpoint().getStateSize()).isEqualTo(small);
    assertThat(feed(2, 50, 57)).containsOnly(0);
  }

  @Test
  void shouldRememberNothingOfAGroupThatIsTooLong() throws Exception {
    admission = new AdmissionHarness(options, null);
    long segments = 0;
    for (int picture = 0; picture <= RecentUnits.MAX_GROUP_UNITS; picture += 3) {
      admission.process(unit(1, segments++, picture, 3, picture == 0));
    }
    assertThat(media(admission.process(unit(2, 0, 0, 3, true))).get(0).shown()).isEmpty();
  }

  @Test
  void shouldReadTheStateOfVersionTwo() throws Exception {
    List<RecentUnit> written =
        List.of(written(77, true, 5, ARRIVAL_US - 70_000), written(0, false, NO_TIME, 0));
    Path golden = Path.of("src/test/resources/golden/v2/recent-units.bin");
    if (Boolean.getBoolean("regenerate")) {
      Files.write(golden, RecentUnit.write(written));
    }
    byte[] bytes = Files.readAllBytes(golden);
    assertThat(RecentUnit.read(bytes)).first().isEqualTo(written.get(0));
    assertThat(RecentUnit.write(written)).isEqualTo(bytes);
  }

  /** Nothing knew when pictures were taken. */
  @Test
  void shouldReadTheStateOfVersionOne() throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of("src/test/resources/golden/v1/recent-units.bin"));
    assertThat(RecentUnit.read(bytes))
        .containsExactly(written(77, true, 5, 0), written(0, false, NO_TIME, 0));
  }

  private static RecentUnit written(long hash, boolean key, long pts, long captureUs) {
    return new RecentUnit(hash, key, new Shown(pts, 1001, 30_000), ARRIVAL_US, captureUs);
  }

  @Test
  void shouldRefuseTheStateOfANewerVersion() {
    assertThatThrownBy(() -> RecentUnit.read(new byte[] {3}))
        .hasMessageContaining("state of recent access units has version=3, this job knows 1 to 2");
    assertThatThrownBy(() -> RecentUnit.read(new byte[] {1, 0}))
        .hasMessageContaining("state of recent access units is damaged, it ends at byte 2 of 2");
  }

  /** How many access units of each segment were shown before. */
  private List<Integer> feed(long epoch, int from, int to) throws Exception {
    if (admission == null) {
      admission = new AdmissionHarness(options, null);
    }
    List<Integer> shown = new ArrayList<>();
    for (int picture = from; picture < to; ) {
      int next = Math.min(Math.min(to, picture + 3), (picture / GROUP + 1) * GROUP);
      for (int part = 0; part < Math.max(1, parts); part++) {
        Segment segment = segment(epoch, picture, next - picture);
        Segment sent =
            parts == 0
                ? segment
                : segment.toBuilder()
                    .setSequence(segment.getSequence() + part)
                    .setPart(part)
                    .setParts(parts)
                    .build();
        media(admission.process(sent)).forEach(media -> shown.add(media.shown().size()));
      }
      picture = next;
    }
    return shown;
  }

  private void restore() throws Exception {
    OperatorSubtaskState state = admission.checkpoint();
    admission.close();
    admission = new AdmissionHarness(options, state);
  }

  private static List<Admitted.Media> media(List<Admitted> admitted) {
    return admitted.stream()
        .filter(Admitted.Media.class::isInstance)
        .map(Admitted.Media.class::cast)
        .toList();
  }

  /** Segments of a group are numbered so that a loss of whole groups shows as a gap. */
  private Segment segment(long epoch, int picture, int count) {
    long sequence = picture / GROUP * 4L + picture % GROUP / 3;
    return unit(epoch, sequence, picture, count, picture % GROUP == 0);
  }

  private Segment unit(long epoch, long sequence, int picture, int count, boolean key) {
    Segment.Builder segment =
        Segment.newBuilder()
            .setVersion(Segments.VERSION)
            .setSession("s")
            .setSource("srt")
            .setEpoch(epoch)
            .setSequence(sequence)
            .setTransport(transport)
            .setTimeBaseNumerator(1)
            .setTimeBaseDenominator(2_250 * (int) epoch)
            .setArrivalTimeUs(stamped ? 1_000_000 + picture * 40_000L + epoch * 70_000 : 0)
            .setPayload(ByteString.copyFrom(new byte[count]));
    if (clocks) {
      segment
          .setCaptureClock(CaptureClock.CAPTURE_CLOCK_RTCP_SENDER_REPORT)
          .setCaptureTimeNs((1_000_000 + picture * 40_000L) * 1_000);
    }
    for (int i = picture; i < picture + count; i++) {
      segment.addAccessUnits(
          AccessUnit.newBuilder()
              .setKey(key && i == picture)
              .setSize(1)
              .setPts(i * 90L * epoch)
              .setContentHash(1_000 * (1 + encode) + i));
    }
    return segment.build();
  }
}
