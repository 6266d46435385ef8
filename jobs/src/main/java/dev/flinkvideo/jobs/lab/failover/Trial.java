package dev.flinkvideo.jobs.lab.failover;

import dev.flinkvideo.ingest.gateway.Gateway;
import dev.flinkvideo.jobs.publisher.Publisher;
import dev.flinkvideo.protocol.SourceSpecification;
import dev.flinkvideo.protocol.SourceTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One session that is published by RTMP, SRT and WHIP at once, in one encode, until something
 * happens to the publisher that it is watched by. One thread, which closes it.
 */
final class Trial implements AutoCloseable {
  /** What happens to it. */
  enum Fate {
    /** SIGKILL: its connection breaks. */
    KILLED,
    /** SIGSTOP: its connection stands, and nothing comes. */
    STOPPED
  }

  private static final String POLICY =
      "{\"standbys\":2,\"returnToPreferred\":false,\"reportWithinMs\":10000}";

  private final String session;
  private final Fate fate;
  private final List<SourceSpecification> sources = new ArrayList<>();
  private final List<Publisher> publishers = new ArrayList<>();

  /**
   * @param first number of the protocol that it is watched by
   */
  Trial(String session, Fate fate, int first, Path clip, Gateway gateway) {
    this.session = session;
    this.fate = fate;
    add("rtmp", SourceTransport.RTMP, clip, "-f flv rtmp://127.0.0.1:%d/%s", gateway.rtmpPort());
    add(
        "srt",
        SourceTransport.SRT,
        clip,
        "-f mpegts srt://127.0.0.1:%d?streamid=%s",
        gateway.srtPort());
    add(
        "webrtc",
        SourceTransport.WEBRTC,
        clip,
        "-f whip http://127.0.0.1:%d/whip/%s",
        gateway.whipPort());
    Collections.rotate(sources, -first);
    Collections.rotate(publishers, -first);
  }

  private void add(String name, SourceTransport transport, Path clip, String output, int port) {
    String stream = "live/" + session;
    sources.add(SourceSpecification.push(name, transport, stream));
    List<String> arguments = new ArrayList<>(List.of("-nostdin", "-re", "-i", clip.toString()));
    arguments.addAll(List.of("-map", "0:v", "-c", "copy"));
    arguments.addAll(List.of(output.formatted(port, stream).split(" ")));
    publishers.add(new Publisher(name, arguments));
  }

  String session() {
    return session;
  }

  Fate fate() {
    return fate;
  }

  /** The protocol of whom something happens to. */
  String first() {
    return publishers.get(0).protocol();
  }

  void start(Operator operator) throws Exception {
    operator.put(
        Operator.specification(session, POLICY, sources.toArray(SourceSpecification[]::new)));
    for (Publisher publisher : publishers) {
      publisher.start();
    }
  }

  /** Until it is watched by the first, and the others wait with a key frame each. */
  void awaitSteady(Operator operator) throws Exception {
    operator.await(
        session,
        "steady",
        status ->
            status.state().equals("streaming")
                && first().equals(status.source())
                && publishers.stream()
                    .skip(1)
                    .allMatch(other -> Operator.isReady(status, other.protocol())));
  }

  void disturb() throws IOException {
    if (fate == Fate.KILLED) {
      publishers.get(0).kill();
    } else {
      publishers.get(0).freeze();
    }
  }

  @Override
  public void close() {
    publishers.forEach(Publisher::close);
  }
}
