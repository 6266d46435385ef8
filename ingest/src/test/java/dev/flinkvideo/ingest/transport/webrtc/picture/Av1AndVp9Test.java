package dev.flinkvideo.ingest.transport.webrtc.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.webrtc.rtp.Packets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Av1AndVp9Test {
  private final List<Picture> pictures = new ArrayList<>();
  private final PictureAssembler av1 = new PictureAssembler("av1", new byte[0], pictures::add);
  private final PictureAssembler vp9 = new PictureAssembler("vp9", new byte[0], pictures::add);

  @Test
  void shouldGiveObusTheirSizesBack() {
    // N, two elements: a sequence header with its length in front, a frame without.
    give(av1, 1, 0, true, 0x28, 2, 0x08, 0x11, 0x30, 0x22, 0x33);

    assertThat(hex()).containsExactly("0a0111" + "32022233");
    assertThat(pictures.get(0).key()).isTrue();
  }

  @Test
  void shouldPutAnObuTogetherFromTwoPackets() {
    give(av1, 1, 0, false, 0x68, 2, 0x08, 0x11, 0x30, 0x22); // Y
    give(av1, 2, 0, true, 0x90, 0x33); // Z, W = 1

    assertThat(hex()).containsExactly("0a0111" + "32022233");
  }

  @Test
  void shouldLeaveOutAv1ThatLacksItsEndOrItsBeginning() {
    give(av1, 1, 0, true, 0x68, 2, 0x08, 0x11, 0x30, 0x22);
    give(av1, 2, 3000, true, 0x90, 0x33);
    give(av1, 3, 6000, true, 0x08, 0x7f, 0x08); // an element longer than the packet

    assertThat(pictures).isEmpty();
    assertThat(av1.leftOut()).isEqualTo(3);
  }

  @Test
  void shouldTakeTheDescriptorOffVp9AndKnowKeysByTheFrame() {
    give(vp9, 1, 0, false, 0x88, 0x81, 0x02, 0x82, 1); // I with a long id, B; a key frame
    give(vp9, 2, 0, true, 0x84, 0x81, 0x02, 2); // E
    give(vp9, 3, 3000, true, 0x8c, 0x03, 0x86, 3); // not a key frame

    assertThat(hex()).containsExactly("820102", "8603");
    assertThat(pictures).extracting(Picture::key).containsExactly(true, false);
  }

  @Test
  void shouldTakeOnlyTheFirstSpatialLayerOfVp9() {
    give(vp9, 1, 0, false, 0x2c, 0x00, 0x00, 0x82, 1);
    give(vp9, 2, 0, true, 0x2c, 0x02, 0x00, 0x86, 2); // layer 1

    assertThat(hex()).containsExactly("8201");
  }

  @Test
  void shouldWalkOverTheScalabilityStructureOfVp9() {
    // One layer with its size, one picture in the group with one reference.
    give(vp9, 1, 0, true, 0x0e, 0x18, 1, 2, 3, 4, 1, 0x04, 9, 0x82, 7);

    assertThat(hex()).containsExactly("8207");
  }

  private void give(
      PictureAssembler to, int sequence, int timestamp, boolean marker, int... payload) {
    to.packet(Packets.packet(sequence, timestamp, marker, payload), sequence);
  }

  private List<String> hex() {
    return pictures.stream().map(picture -> HexFormat.of().formatHex(picture.data())).toList();
  }
}
