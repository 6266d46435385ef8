package dev.flinkvideo.operators.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flinkvideo.operators.frame.FramePool;
import dev.flinkvideo.operators.frame.MallocFrameMemory;
import dev.flinkvideo.protocol.EncodedUnit;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoDecoderTest {
  private static final Path FOOTAGE =
      Path.of(System.getProperty("project.root"), "jobs", "footage");

  @ParameterizedTest
  @CsvSource({
    "car-detection.mp4, 377",
    "one-by-one-person-detection.mp4, 1394",
    "bottle-detection.mp4, 1189"
  })
  void shouldDecodeEveryPictureOfRealFootage(String clip, int pictures) throws Exception {
    byte[] file = Files.readAllBytes(FOOTAGE.resolve(clip));
    ContainerDemuxer.Demuxed demuxed = ContainerDemuxer.demux(file, "video/mp4");
    List<String> md5 = new ArrayList<>();
    try (FramePool pool = new FramePool(new MallocFrameMemory(64 << 20));
        VideoDecoder decoder = new VideoDecoder(demuxed.format(), pool, clip)) {
      PictureDigest digest = new PictureDigest();
      long tag = 1;
      for (EncodedUnit unit : demuxed.units()) {
        decoder.send(ByteBuffer.wrap(unit.data()), unit.pts(), unit.dts(), unit.key(), tag++);
        receive(decoder, digest, md5);
      }
      decoder.drain();
      receive(decoder, digest, md5);
      System.out.println(pool.peakBytes() + " " + pool.leasedBytes());
    }
    assertThat(md5).hasSize(pictures);
    Files.write(Path.of("/tmp/mc/" + clip + ".md5"), md5);
  }

  private static void receive(VideoDecoder decoder, PictureDigest digest, List<String> md5) {
    for (DecodedFrame next; (next = decoder.receive()) != null; ) {
      try (DecodedFrame frame = next) {
        md5.add(digest.md5(frame.frame()));
      }
    }
  }
}
