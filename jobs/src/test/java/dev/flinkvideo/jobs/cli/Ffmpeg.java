package dev.flinkvideo.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Debian's ffmpeg, a peer: the test that uses it says {@code @RequiresPeer("ffmpeg")}. */
final class Ffmpeg {
  private Ffmpeg() {}

  /** Converts {@code from} into {@code to}, whose extension tells the container. */
  static Path convert(Path from, Path to, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-i", from.toString()));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-y", to.toString()));
    run(arguments, InputStream::readAllBytes);
    return to;
  }

  /** Makes a second of sound and nothing else. */
  static Path sound(Path to) throws Exception {
    run(
        List.of("-f", "lavfi", "-i", "sine=duration=1", "-y", to.toString()),
        InputStream::readAllBytes);
    return to;
  }

  /** The lines of {@code -f framemd5} without the headers. */
  static List<String> frameMd5(Path file) throws Exception {
    List<String> lines = new ArrayList<>();
    run(
        List.of("-i", file.toString(), "-an", "-autoscale", "0", "-f", "framemd5", "-"),
        out ->
            new String(out.readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(lines::add));
    return lines;
  }

  /** SHA-1 of all pictures as they are decoded, none left out or repeated. */
  static String sha1(Path file) throws Exception {
    MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
    String[] options = {"-an", "-autoscale", "0", "-fps_mode", "passthrough", "-f", "rawvideo"};
    List<String> arguments = new ArrayList<>(List.of("-i", file.toString()));
    arguments.addAll(List.of(options));
    arguments.add("-");
    run(
        arguments,
        out -> {
          byte[] bytes = new byte[1 << 16];
          for (int count; (count = out.read(bytes)) >= 0; ) {
            sha1.update(bytes, 0, count);
          }
        });
    return HexFormat.of().formatHex(sha1.digest());
  }

  @FunctionalInterface
  private interface Reader {
    void read(InputStream out) throws IOException;
  }

  private static void run(List<String> arguments, Reader reader) throws Exception {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (InputStream out = process.getInputStream()) {
      reader.read(out);
    }
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }
}
