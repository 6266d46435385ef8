package dev.flinkvideo.ingest.transport.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.transport.webrtc.ice.StunMessage;
import dev.flinkvideo.ingest.transport.webrtc.picture.Picture;
import dev.flinkvideo.ingest.transport.webrtc.picture.PictureAssembler;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtcpReader;
import dev.flinkvideo.ingest.transport.webrtc.rtp.RtpPacket;
import dev.flinkvideo.ingest.transport.webrtc.sdp.Answer;
import dev.flinkvideo.ingest.transport.webrtc.sdp.Offer;
import dev.flinkvideo.ingest.transport.webrtc.sdp.SessionDescription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What real peers sent, with bytes changed, cut off and put in between: nothing may throw. */
class DamagedInputTest {
  private static final int ROUNDS = 20_000;

  private final Random random = new Random(1);

  @ParameterizedTest
  @CsvSource({"chromium-h264, h264", "chromium-vp8, vp8", "chromium-vp9, vp9", "chromium-av1, av1"})
  void shouldSurviveDamagedPackets(String capture, String codec) throws IOException {
    List<byte[]> packets = Captures.packets(capture);
    List<Picture> pictures = new ArrayList<>();
    PictureAssembler assembler = new PictureAssembler(codec, new byte[0], pictures::add);
    for (int i = 0; i < ROUNDS; i++) {
      long number = i;
      RtpPacket.parse(damage(packets.get(random.nextInt(packets.size()))))
          .ifPresent(
              packet -> {
                packet.extension64(1 + random.nextInt(14));
                assembler.packet(packet, number);
              });
    }

    assertThat(assembler.leftOut()).isPositive();
  }

  @Test
  void shouldSurviveDamagedControlPackets() {
    List<Integer> sources = new ArrayList<>();
    RtcpReader.Visitor visitor =
        new RtcpReader.Visitor() {
          @Override
          public void senderReport(int source, long ntp, int timestamp) {
            sources.add(source);
          }

          @Override
          public void goodbye(int source) {
            sources.add(source);
          }
        };
    byte[] compound = new byte[36];
    compound[0] = (byte) 0x80;
    compound[1] = (byte) 200;
    compound[3] = 6;
    compound[28] = (byte) 0x81;
    compound[29] = (byte) 203;
    compound[31] = 1;
    for (int i = 0; i < ROUNDS; i++) {
      RtcpReader.read(damage(compound), visitor);
    }

    assertThat(sources).isNotEmpty();
  }

  @Test
  void shouldSurviveDamagedStun() {
    byte[] check = new byte[60];
    check[1] = 1;
    check[3] = 40;
    System.arraycopy(new byte[] {0x21, 0x12, (byte) 0xa4, 0x42}, 0, check, 4, 4);
    check[21] = 6;
    check[23] = 10;
    check[37] = 8;
    check[39] = 20;
    int read = 0;
    for (int i = 0; i < ROUNDS; i++) {
      read +=
          StunMessage.parse(damage(check)).filter(message -> !message.isSignedWith("x")).isPresent()
              ? 1
              : 0;
    }

    assertThat(read).isPositive();
  }

  @Test
  void shouldRefuseDamagedOffersInWords() throws IOException {
    byte[] offer = Captures.offer("chromium").getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int i = 0; i < ROUNDS / 10; i++) {
      try {
        String text = new String(damage(offer), StandardCharsets.UTF_8);
        Answer.to(SessionDescription.parse(text))
            .ifPresent(
                answer -> {
                  answer.video().fingerprint();
                  answer.video().credentials();
                  answer.format().parameterSets();
                  Offer.candidates(answer.video());
                });
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }

    assertThat(refused).isPositive();
  }

  private byte[] damage(byte[] original) {
    byte[] bytes = original.clone();
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      // Mostly in front, where the headers are.
      int at = random.nextInt(random.nextBoolean() ? Math.min(40, bytes.length) : bytes.length);
      bytes[at] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }
}
