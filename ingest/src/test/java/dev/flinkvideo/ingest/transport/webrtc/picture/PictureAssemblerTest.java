package dev.flinkvideo.ingest.transport.webrtc.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.webrtc.rtp.Packets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cutting, holes and key frames, with H.264 and VP8 as examples. */
class PictureAssemblerTest {
  private static final int SPS = 0x67;
  private static final int PPS = 0x68;
  private static final int IDR = 0x65;
  private static final int SLICE = 0x41;

  private final List<Picture> pictures = new ArrayList<>();
  private final PictureAssembler h264 = new PictureAssembler("h264", new byte[0], pictures::add);
  private final PictureAssembler vp8 = new PictureAssembler("vp8", new byte[0], pictures::add);

  @Test
  void shouldPutSingleUnitsAggregatesAndFragmentsTogether() {
    give(h264, 1, 0, false, 0x78, 0, 2, SPS, 1, 0, 2, PPS, 2); // STAP-A
    give(h264, 2, 0, false, 0x7c, 0x85, 3); // FU-A, start
    give(h264, 3, 0, false, 0x7c, 0x05, 4);
    give(h264, 4, 0, true, 0x7c, 0x45, 5); // end
    give(h264, 5, 3000, true, SLICE, 6);

    assertThat(hex())
        .containsExactly(
            "00000001" + "6701" + "00000001" + "6802" + "00000001" + "65030405",
            "00000001" + "4106");
    assertThat(pictures).extracting(Picture::key).containsExactly(true, false);
    assertThat(pictures).extracting(Picture::timestamp).containsExactly(0L, 3000L);
  }

  @Test
  void shouldWaitForAKeyFrameAtTheStart() {
    give(h264, 1, 0, true, SLICE, 1);
    assertThat(h264.isKeyNeeded()).isTrue();
    give(h264, 2, 3000, true, IDR, 2);

    assertThat(hex()).containsExactly("00000001" + "6502");
    assertThat(h264.isKeyNeeded()).isFalse();
    assertThat(h264.leftOut()).isEqualTo(1);
  }

  @Test
  void shouldPutTheLastParameterSetsInFrontOfKeyFramesWithoutThem() {
    give(h264, 1, 0, false, SPS, 1);
    give(h264, 2, 0, false, PPS, 2);
    give(h264, 3, 0, true, IDR, 3);
    give(h264, 4, 3000, true, IDR, 4);

    assertThat(hex().get(1))
        .isEqualTo("00000001" + "6701" + "00000001" + "6802" + "00000001" + "6504");
  }

  @Test
  void shouldCutWhereTheTimestampChangesWhenTheMarkerIsMissing() {
    give(h264, 1, 0, false, IDR, 1);
    give(h264, 2, 3000, true, SLICE, 2);

    assertThat(hex()).containsExactly("00000001" + "6501", "00000001" + "4102");
  }

  @Test
  void shouldLeaveOutADamagedPictureAndWhatRefersToIt() {
    give(h264, 1, 0, true, IDR, 1);
    give(h264, 2, 3000, false, SLICE, 2);
    give(h264, 4, 3000, true, SLICE, 3); // 3 is missing
    give(h264, 5, 6000, true, SLICE, 4);
    give(h264, 6, 9000, true, SPS, 5);
    give(h264, 7, 12000, true, IDR, 6);

    assertThat(pictures).extracting(Picture::timestamp).containsExactly(0L, 12000L);
  }

  @Test
  void shouldTakeAKeyFrameThatBeginsRightBehindAHole() {
    give(h264, 1, 0, true, IDR, 1);
    give(h264, 3, 3000, false, SPS, 2);
    give(h264, 4, 3000, true, IDR, 3);

    assertThat(pictures).extracting(Picture::timestamp).containsExactly(0L, 3000L);
  }

  @Test
  void shouldCountTimestampsOnAcrossTheWrap() {
    give(h264, 1, -1500, true, IDR, 1);
    give(h264, 2, 1500, true, SLICE, 2);

    assertThat(pictures)
        .extracting(Picture::timestamp)
        .containsExactly(0xffff_fa24L, 0x1_0000_05dcL);
  }

  @Test
  void shouldNotMistakeAProbeForAHole() {
    give(h264, 1, 0, true, IDR, 1);
    give(h264, 2, 0, false);
    give(h264, 3, 3000, true, SLICE, 2);

    assertThat(pictures).hasSize(2);
  }

  @Test
  void shouldLeaveOutMalformedPayloads() {
    give(h264, 1, 0, true, 0x78, 0, 9, SPS); // longer than it is
    give(h264, 2, 1, true, 0x7c, 0x05, 1); // the middle of a fragment
    give(h264, 3, 2, true, 0x7c, 0x85, 1); // only the start of one
    give(h264, 4, 3, true, 0x7d, 1, 1); // FU-B
    give(vp8, 5, 4, true, 0x90, 0x80); // ends in its descriptor
    give(vp8, 6, 5, true, 0x01, 0); // the middle of a frame

    assertThat(pictures).isEmpty();
    assertThat(h264.leftOut()).isEqualTo(4);
    assertThat(vp8.leftOut()).isEqualTo(2);
  }

  @Test
  void shouldTakeTheDescriptorOffVp8() {
    give(vp8, 1, 0, false, 0x90, 0xe0, 0x81, 0x23, 0x45, 0x67, 0x50, 1); // long id, both indices
    give(vp8, 2, 0, true, 0x00, 2);
    give(vp8, 3, 3000, true, 0x90, 0x80, 0x12, 0x51, 3); // short id

    assertThat(hex()).containsExactly("500102", "5103");
    assertThat(pictures).extracting(Picture::key).containsExactly(true, false);
  }

  private void give(
      PictureAssembler to, int sequence, int timestamp, boolean marker, int... payload) {
    to.packet(Packets.packet(sequence, timestamp, marker, payload), sequence);
  }

  private List<String> hex() {
    return pictures.stream().map(picture -> HexFormat.of().formatHex(picture.data())).toList();
  }
}
