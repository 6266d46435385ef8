package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.RejectReason;
import dev.flinkvideo.protocol.RejectedRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerDemuxerTest {
  private static final String MP4 = "video/mp4";
  private static final String TS = "video/mp2t";
  private static final int PAGE_BYTES = 4096;

  @ParameterizedTest
  @CsvSource({
    "h264-420-8.mp4, video/mp4",
    "hevc-422-10.mp4, video/mp4",
    "av1-420-10.mp4, video/mp4",
    "h264-interlaced.ts, video/mp2t",
    "mpeg2.ts, video/mp2t"
  })
  void shouldTakeAContainerApartAsLibavformatDoes(String clip, String contentType)
      throws Exception {
    Clip expected = Clip.read(Clip.CLIPS.resolve(clip));

    ContainerDemuxer.Demuxed demuxed = ContainerDemuxer.demux(bytes(clip), contentType);

    assertThat(demuxed.format().codec()).isEqualTo(expected.format().codec());
    assertThat(demuxed.format().timeBaseDenominator())
        .isEqualTo(expected.format().timeBaseDenominator());
    assertThat(demuxed.units())
        .usingRecursiveFieldByFieldElementComparatorOnFields("data", "pts", "key")
        .isEqualTo(expected.units());
  }

  @Test
  void shouldKeepTheCodecConfigurationOfAnMp4() throws Exception {
    Clip expected = Clip.read(Clip.CLIPS.resolve("h264-420-8.mp4"));

    assertThat(ContainerDemuxer.demux(bytes("h264-420-8.mp4"), MP4).format())
        .isEqualTo(expected.format());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 187, 188, 5_000, 900_000})
  void shouldRejectNoiseOfAnyLength(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(bytes).nextBytes(noise);

    assertRejected(noise, MP4);
    assertRejected(noise, TS);
    assertRejected(new byte[bytes], MP4);
    assertRejected(new byte[bytes], TS);
  }

  @Test
  void shouldRejectTheOneContainerUnderTheNameOfTheOther() throws Exception {
    assertRejected(bytes("h264-420-8.mp4"), TS);
    assertRejected(bytes("mpeg2.ts"), MP4);
  }

  @Test
  void shouldReadOrRejectAFileCutAnywhere() throws Exception {
    byte[] file = Files.readAllBytes(Clip.FOOTAGE.resolve("bottle-detection.mp4"));
    int whole = ContainerDemuxer.demux(file, MP4).units().size();
    for (int length = 0; length < file.length; length += 997) {
      assertThat(unitsOf(Arrays.copyOf(file, length), MP4)).isLessThanOrEqualTo(whole);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "h264-420-8.mp4, video/mp4",
    "vp9-420-8.webm, video/mp4",
    "h264-interlaced.ts, video/mp2t",
    "mpeg2.ts, video/mp2t"
  })
  void shouldReadOrRejectAShortRecordCutAtAnyByteOrWithAnyByteBroken(
      String clip, String contentType) throws Exception {
    byte[] file = bytes(clip);
    Random random = new Random(4);
    int read = 0;
    for (int length = 0; length < file.length; length += 7) {
      read += unitsOf(Arrays.copyOf(file, length), contentType) > 0 ? 1 : 0;
      byte[] broken = file.clone();
      for (int i = 0; i < 8; i++) {
        broken[random.nextInt(file.length)] = (byte) random.nextInt();
      }
      read += unitsOf(broken, contentType) > 0 ? 1 : 0;
    }
    if (clip.endsWith(".webm")) {
      assertThat(read).isZero();
    } else {
      assertThat(read).isPositive();
    }
  }

  /**
   * Resident pages of the process, warmed up first: the input buffer alone, leaked at each call,
   * would be 180 MB.
   */
  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldLeakNothing() throws Exception {
    byte[] mp4 = bytes("h264-420-8.mp4");
    byte[] ts = bytes("mpeg2.ts");
    byte[] noise = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    List<byte[]> records = List.of(mp4, Arrays.copyOf(mp4, mp4.length / 2), ts, noise);
    demuxOften(records);
    long before = residentBytes();

    demuxOften(records);

    assertThat(residentBytes() - before).isLessThan(64 << 20);
  }

  private static void demuxOften(List<byte[]> records) {
    for (int i = 0; i < 700; i++) {
      for (byte[] record : records) {
        unitsOf(record, MP4);
        unitsOf(record, TS);
      }
    }
  }

  /** 0 if it was rejected; nothing else may be thrown. */
  private static int unitsOf(byte[] record, String contentType) {
    try {
      List<EncodedUnit> units = ContainerDemuxer.demux(record, contentType).units();
      assertThat(units).isNotEmpty();
      return units.size();
    } catch (RejectedRecordException e) {
      assertThat(e.reason()).isEqualTo(RejectReason.UNREADABLE);
      return 0;
    }
  }

  private static void assertRejected(byte[] record, String contentType) {
    assertThatThrownBy(() -> ContainerDemuxer.demux(record, contentType))
        .isInstanceOf(RejectedRecordException.class)
        .hasMessageContaining(contentType)
        .hasMessageContaining(record.length + " bytes");
  }

  private static byte[] bytes(String clip) throws IOException {
    return Files.readAllBytes(Clip.CLIPS.resolve(clip));
  }

  /**
   * After a full collection, which gives the heap's pages back: they are not what is looked for.
   */
  private static long residentBytes() throws IOException {
    System.gc();
    String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
    return Long.parseLong(pages[1]) * PAGE_BYTES;
  }
}
