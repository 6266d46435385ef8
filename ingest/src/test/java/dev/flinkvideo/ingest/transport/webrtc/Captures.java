package dev.flinkvideo.ingest.transport.webrtc;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What real peers sent: offers as text; the RTP packets of the first two pictures, opened, each
 * behind its length in two bytes.
 */
public final class Captures {
  private static final Path DIRECTORY = Path.of("src/test/resources/webrtc");

  private Captures() {}

  public static String offer(String name) throws IOException {
    return Files.readString(DIRECTORY.resolve(name + "-offer.sdp"));
  }

  public static List<byte[]> packets(String name) throws IOException {
    List<byte[]> packets = new ArrayList<>();
    byte[] bytes = Files.readAllBytes(DIRECTORY.resolve(name + ".rtp"));
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      while (in.available() > 0) {
        packets.add(in.readNBytes(in.readUnsignedShort()));
      }
    }
    return packets;
  }
}
