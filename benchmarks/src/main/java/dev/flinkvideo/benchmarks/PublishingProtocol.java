package dev.flinkvideo.benchmarks;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.ingest.transport.FfmpegProgram;
import dev.flinkvideo.protocol.SourceTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a clip is published to a gateway of this host, by an ffmpeg of its own. */
enum PublishingProtocol {
  RTMP(SourceTransport.RTMP, "-f flv rtmp://127.0.0.1:%d/live/%s"),
  SRT(SourceTransport.SRT, "-f mpegts srt://127.0.0.1:%d?streamid=live/%s"),
  WHIP(SourceTransport.WEBRTC, "-f whip http://127.0.0.1:%d/whip/live/%s");

  /** One of them, or all in turn. */
  enum Choice {
    RTMP,
    SRT,
    WHIP,
    ALL;

    /** Of the stream with this number. */
    PublishingProtocol of(int number) {
      PublishingProtocol[] all = PublishingProtocol.values();
      return this == ALL ? all[number % all.length] : PublishingProtocol.valueOf(name());
    }
  }

  /** What was encoded at 25 pictures a second plays at 30. */
  private static final String FASTER = "0.8333333";

  private final SourceTransport transport;
  private final String output;

  PublishingProtocol(SourceTransport transport, String output) {
    this.transport = transport;
    this.output = output;
  }

  SourceTransport transport() {
    return transport;
  }

  /** Over and over, until it is ended. */
  Process publish(Path clip, Gateway gateway, String stream) throws IOException {
    int port =
        switch (this) {
          case RTMP -> gateway.rtmpPort();
          case SRT -> gateway.srtPort();
          case WHIP -> gateway.whipPort();
        };
    List<String> arguments =
        new ArrayList<>(List.of("-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1"));
    arguments.addAll(List.of("-itsscale", FASTER, "-i", clip.toString(), "-map", "0:v"));
    arguments.addAll(List.of("-c", "copy"));
    arguments.addAll(List.of(output.formatted(port, stream).split(" ")));
    return FfmpegProgram.process(arguments)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
