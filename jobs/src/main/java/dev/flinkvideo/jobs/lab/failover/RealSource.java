package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.jobs.cluster.GatewayProcess;
import dev.flinkvideo.jobs.publisher.Publisher;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.io.IOException;
import java.util.List;

/**
 * One way in of a session: an ffmpeg that passes on what comes to a UDP port to a gateway, and
 * calls again whenever it was hung up on. One thread, which closes it.
 */
final class RealSource implements AutoCloseable {
  /**
   * For how long a packet may come again: a machine of two cores may stand still for longer than
   * FFmpeg's 120 ms, and what is lost then would be the machine's doing, not the move's.
   */
  private static final int SRT_LATENCY_US = 500_000;

  private final SourceSpecification specification;
  private final int encode;
  private final Publisher publisher;
  private boolean disturbed;
  private int disturbances;

  /**
   * @param name what the session calls it
   * @param transport by which it publishes
   * @param encode of the playout
   */
  RealSource(
      String session,
      String name,
      SourceTransport transport,
      int encode,
      Playout playout,
      GatewayProcess.Ports gateway)
      throws IOException {
    String stream = "live/%s-%s".formatted(session, name);
    this.specification = SourceSpecification.push(name, transport, stream);
    this.encode = encode;
    String output =
        switch (transport) {
          case RTMP -> "-f flv rtmp://127.0.0.1:%d/%s".formatted(gateway.rtmp(), stream);
          case SRT ->
              "-f mpegts srt://127.0.0.1:%d?streamid=%s&latency=%d"
                  .formatted(gateway.srt(), stream, SRT_LATENCY_US);
          case WEBRTC ->
              playout.clock()
                  + " -f whip http://127.0.0.1:%d/whip/%s".formatted(gateway.whip(), stream);
          case FILE -> throw new IllegalArgumentException("a file is not published");
        };
    this.publisher =
        new Publisher(
            name(), Playout.input(playout.port(encode)), List.of(("-c copy " + output).split(" ")));
  }

  String name() {
    return specification.name();
  }

  SourceSpecification specification() {
    return specification;
  }

  /** Number of what it carries. */
  int encode() {
    return encode;
  }

  int disturbances() {
    return disturbances;
  }

  void keepCalling() throws IOException {
    if (!disturbed && !publisher.isRunning()) {
      publisher.start();
    }
  }

  void disturb(Disturbance how) throws IOException {
    disturbed = true;
    disturbances++;
    switch (how) {
      case KILLED -> publisher.kill();
      case STALLED -> publisher.freeze();
    }
  }

  /** Begins anew. */
  void mend() throws IOException {
    publisher.close();
    disturbed = false;
    keepCalling();
  }

  @Override
  public void close() {
    publisher.close();
  }
}
