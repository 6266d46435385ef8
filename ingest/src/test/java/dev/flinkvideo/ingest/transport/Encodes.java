package dev.flinkvideo.ingest.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.ingest.peers.PeerProcess;
import dev.flinkvideo.protocol.EncodedUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is sent, as a file says it: the truth that what arrives is held against. */
public final class Encodes {
  private Encodes() {}

  /**
   * Three seconds of moving picture, by an encoder of Debian's ffmpeg, and a tone that goes on for
   * half a second more: SRT's own delay eats the end of what a publisher sends last.
   */
  public static Path make(Path file, String encoder) throws IOException, InterruptedException {
    String source =
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=3"
            + " -f lavfi -i sine=sample_rate=44100:duration=3.5";
    try (PeerProcess ffmpeg =
        PeerProcess.ffmpeg(
            "%s -c:v %s -g 25 -pix_fmt yuv420p -c:a aac -b:a 64k %s"
                .formatted(source, encoder, file))) {
      assertThat(ffmpeg.await()).as(ffmpeg::output).isZero();
    }
    return file;
  }

  /**
   * ffmpeg's arguments to play {@code file} live as MPEG-TS, keeping nothing back in its muxer, so
   * that only a goodbye ends what is under way.
   */
  public static String playTs(Path file, String target) {
    return "-re -i %s -c copy -f mpegts -max_interleave_delta 1000 -flush_packets 1 %s"
        .formatted(file, target);
  }

  public static List<Long> hashes(Path file) throws IOException {
    List<Long> hashes = new ArrayList<>();
    try (FileSource source = new FileSource(file)) {
      for (EncodedUnit unit = source.next(); unit != null; unit = source.next()) {
        hashes.add(unit.contentHash());
      }
    }
    return hashes;
  }
}
