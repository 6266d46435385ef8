package dev.flinkvideo.operators.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.flinkvideo.protocol.EncodedUnit;
import dev.flinkvideo.protocol.StreamFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.PointerPointer;

/** The encoded pictures of a file, as libavformat gives them. */
record Clip(StreamFormat format, List<EncodedUnit> units) {
  static final Path FOOTAGE = Path.of(System.getProperty("project.root"), "jobs", "footage");
  static final Path CLIPS = Path.of("src/test/resources/clips");

  /** All clips of the test resources. */
  static Stream<Path> all() {
    try (Stream<Path> files = Files.list(CLIPS)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(mp4|ts|webm|h264)"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What FFmpeg's framemd5 says of each picture. */
  static List<String> expectedMd5(Path clip) throws IOException {
    return Files.readAllLines(Path.of(clip + ".framemd5")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .toList();
  }

  static Clip read(Path file) {
    Ffmpeg.load();
    AVFormatContext container = avformat_alloc_context();
    int result = avformat_open_input(container, file.toString(), null, (AVDictionary) null);
    if (result < 0) {
      throw new IllegalArgumentException(file + ": " + Ffmpeg.message(result));
    }
    avformat_find_stream_info(container, (PointerPointer<?>) null);
    int video = av_find_best_stream(container, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
    AVStream stream = container.streams(video);
    byte[] configuration = new byte[stream.codecpar().extradata_size()];
    if (configuration.length > 0) {
      stream.codecpar().extradata().get(configuration);
    }
    StreamFormat format =
        new StreamFormat(
            avcodec_get_name(stream.codecpar().codec_id()).getString(),
            configuration,
            stream.time_base().num(),
            stream.time_base().den());
    List<EncodedUnit> units = new ArrayList<>();
    AVPacket packet = av_packet_alloc();
    while (av_read_frame(container, packet) >= 0) {
      if (packet.stream_index() == video) {
        byte[] data = new byte[packet.size()];
        packet.data().get(data);
        boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
        units.add(new EncodedUnit(data, packet.pts(), packet.dts(), key, 0));
      }
      av_packet_unref(packet);
    }
    av_packet_free(packet);
    avformat_close_input(container);
    return new Clip(format, units);
  }
}
