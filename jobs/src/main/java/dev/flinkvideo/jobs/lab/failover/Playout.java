package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.ingest.transport.FfmpegProgram;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A programme on the air: a clip, encoded in one or more ways, that an ffmpeg plays over and over,
 * all of them together and each to as many UDP ports of this host as somebody passes on from. So
 * whoever begins to pass on, whenever, shows the picture that all others show. One thread.
 */
final class Playout implements AutoCloseable {
  /** Longer than an overlap of two connections may be apart, so that a repetition is none. */
  private static final int LENGTH_S = 20;

  private static final int KEY_INTERVAL_S = 2;

  /** Of whoever begins to pass on: until a key frame was there. */
  private static final String PROBE_US = "2200000";

  /** By FFmpeg's muxer of MPEG-TS, the first picture's time stamp is no later. */
  private static final long FIRST_STAMP_US = 1_500_000;

  private final List<Path> encodes;

  /** What the programme's clock shows where its time stamps begin; no picture goes out sooner. */
  private final long zeroUs =
      ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - FIRST_STAMP_US;

  /** Which encode goes to a port. */
  private final Map<Integer, Integer> ports = new TreeMap<>();

  private Process process;

  /**
   * @param encodes as {@link #encode} makes them
   */
  Playout(List<Path> encodes) {
    this.encodes = encodes;
  }

  /**
   * Without B-frames, which WHIP does not take, with a key frame each two seconds, and with a mark
   * that is elsewhere in each picture, so that none is like those near it though nothing moves.
   */
  static Path encode(Path clip, int widthPx, Path to) throws IOException, InterruptedException {
    String mark =
        "[0:v]scale=%d:-2[picture];color=white:size=16x16[mark];"
            + "[picture][mark]overlay=x=mod(n*16\\,W-16):y=0:shortest=1";
    String options =
        "-t %d -c:v libopenh264 -profile:v constrained_baseline -b:v 500k -g 10000"
            .formatted(LENGTH_S);
    List<String> arguments = new ArrayList<>(List.of("-nostdin", "-y", "-i", clip.toString()));
    arguments.addAll(List.of("-an", "-filter_complex", mark.formatted(widthPx)));
    arguments.addAll(List.of(options.split(" ")));
    arguments.addAll(
        List.of(
            "-force_key_frames",
            "expr:gte(t,n_forced*%d)".formatted(KEY_INTERVAL_S),
            to.toString()));
    if (start(arguments).waitFor() != 0) {
      throw new IOException("ffmpeg cannot encode %s with %s".formatted(clip, options));
    }
    return to;
  }

  /** A port that such an encode will be played to; before {@link #start}. */
  int port(int encode) throws IOException {
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      ports.put(free.getLocalPort(), encode);
      return free.getLocalPort();
    }
  }

  /** Arguments of the ffmpeg that passes on what comes to a port. */
  static List<String> input(int port) {
    String url = "udp://127.0.0.1:%d?fifo_size=200000&overrun_nonfatal=1".formatted(port);
    return List.of("-copyts", "-fflags", "nobuffer", "-analyzeduration", PROBE_US, "-i", url);
  }

  /**
   * Arguments of the output of an ffmpeg that passes on by a protocol that carries a clock. Without
   * them its clock shows when the ffmpeg began to publish, each another time.
   */
  String clock() {
    return "-start_time_realtime " + zeroUs;
  }

  void start() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-nostdin"));
    for (Path encode : encodes) {
      arguments.addAll(List.of("-re", "-stream_loop", "-1", "-i", encode.toString()));
    }
    ports.forEach(
        (port, encode) -> {
          String url = "udp://127.0.0.1:%d?pkt_size=1316".formatted(port);
          String options = "-map %d:v -c copy -f mpegts %s".formatted(encode, url);
          arguments.addAll(List.of(options.split(" ")));
        });
    process = start(arguments);
  }

  /** In pictures. */
  static long keyInterval(double pictureSeconds) {
    return Math.round(KEY_INTERVAL_S / pictureSeconds);
  }

  private static Process start(List<String> arguments) throws IOException {
    return FfmpegProgram.process(arguments)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
