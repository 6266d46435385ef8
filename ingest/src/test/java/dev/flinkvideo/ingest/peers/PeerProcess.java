package dev.flinkvideo.ingest.peers;

import dev.flinkvideo.ingest.transport.FfmpegProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program from outside that we talk to, and its fate: ended, killed, stopped. One test's. */
public final class PeerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final List<ProcessHandle> frozen = new ArrayList<>();

  private PeerProcess(ProcessBuilder builder) throws IOException {
    log = Files.createTempFile("peer", ".log");
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.getOutputStream().close();
  }

  public static PeerProcess start(String... command) throws IOException {
    return new PeerProcess(new ProcessBuilder(command));
  }

  /** Debian's, with x264 and x265; arguments as one would type them. */
  public static PeerProcess ffmpeg(String arguments) throws IOException {
    return start(("ffmpeg -nostdin -y -loglevel warning " + arguments).trim().split(" +"));
  }

  /** The one in our own natives, which is newer and speaks Enhanced RTMP. */
  public static PeerProcess newerFfmpeg(String arguments) throws IOException {
    String all = "-nostdin -y -loglevel warning " + arguments;
    return new PeerProcess(FfmpegProgram.process(List.of(all.trim().split(" +"))));
  }

  /** Its exit code, when it has ended by itself. */
  public int await() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + output());
    }
    return process.exitValue();
  }

  /** What it wrote so far. */
  public String output() {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM: it ends as it would on a wish. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL: gone, without a word to anybody but by its kernel. */
  public void kill() {
    process.destroyForcibly();
  }

  /** SIGSTOP: connected, and silent; what a dead network looks like. */
  public void freeze() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor();
  }

  /** Likewise, with all that it started. */
  public void freezeAll() throws IOException, InterruptedException {
    process.descendants().forEach(frozen::add);
    List<String> command = new ArrayList<>(List.of("kill", "-STOP", Long.toString(process.pid())));
    frozen.forEach(child -> command.add(Long.toString(child.pid())));
    new ProcessBuilder(command).start().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    frozen.forEach(ProcessHandle::destroyForcibly); // which cannot see that their parent is gone
    Files.delete(log);
  }
}
