package dev.flinkvideo.jobs.cli;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.transport.FfmpegProgram;
import dev.flinkvideo.jobs.cluster.Installation;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Where a gateway of this host is published to, each with a command to copy. Stateless. */
record Addresses(Gateway gateway, String bootstrap) {
  /** No B-frames, which WHIP does not take. */
  private static final String CLIP = "car-detection.mp4";

  private static final String HOST = "127.0.0.1";
  private static final String NAME = "camera";

  void print(PrintWriter out) {
    Path home = Installation.ofLauncher().home();
    String read =
        "ffmpeg -re -stream_loop -1 -i %s -map 0:v -c copy "
            .formatted(home.resolve("jobs").resolve("footage").resolve(CLIP));
    out.println();
    out.println(
        "Publish to it. What comes as NAME by any of the three is one session of that name,");
    out.println("which moves to another one when the one it is watched from stops.");
    if (gateway.rtmpPort() > 0) {
      String server = "rtmp://%s:%d/live".formatted(HOST, gateway.rtmpPort());
      head(out, "RTMP", server + "/NAME");
      command(out, read + "-f flv %s/%s".formatted(server, NAME));
      command(out, "OBS: service Custom, server %s, stream key %s".formatted(server, NAME));
    }
    if (gateway.srtPort() > 0) {
      String server = "srt://%s:%d?streamid=".formatted(HOST, gateway.srtPort());
      head(out, "SRT", server + "NAME");
      command(out, read + "-f mpegts \"%s%s\"".formatted(server, NAME));
    } else {
      head(out, "SRT", "not open: it needs libsrt on this system (Debian: libsrt1.5-gnutls)");
    }
    if (gateway.whipPort() > 0) {
      String server = "http://localhost:" + gateway.whipPort();
      head(out, "WebRTC", server + "/whip/live/NAME");
      command(out, "%s/publish#stream=live/%s (camera or test pattern)".formatted(server, NAME));
      command(out, read + "-f whip %s/whip/live/%s".formatted(server, NAME));
      command(out, "OBS: service WHIP, server %s/whip/live/%s".formatted(server, NAME));
    }
    out.println();
    out.println("WHIP needs ffmpeg 8. Without one, paste this first, which takes ours:");
    command(out, ownFfmpeg());
    out.println();
    out.println("Watch it, in another terminal:");
    command(out, watch("sessions list"));
    command(out, watch("sessions watch"));
    command(out, watch("tail video.observations"));
    out.println();
    out.println("up on kafka " + bootstrap + ", Ctrl-C ends it");
  }

  private String watch(String what) {
    return "bin/flink-video %s --bootstrap %s".formatted(what, bootstrap);
  }

  /** The program among our own natives, as a function of the shell. */
  private static String ownFfmpeg() {
    Path program = FfmpegProgram.path();
    return "ffmpeg() { %s=%s %s \"$@\"; }"
        .formatted(FfmpegProgram.LIBRARIES, program.getParent(), program);
  }

  private static void head(PrintWriter out, String protocol, String address) {
    out.printf("%n%-8s%s%n", protocol, address);
  }

  private static void command(PrintWriter out, String command) {
    out.println("    " + command);
  }
}
