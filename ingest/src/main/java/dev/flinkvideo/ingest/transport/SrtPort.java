package dev.flinkvideo.ingest.transport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP port for one SRT publisher after another, by libavformat; for where libsrt is not
 * installed. A thread of its own; {@link #close} ends it and the publisher.
 */
public final class SrtPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SrtPort.class);

  /** Between two tries to bind a port that somebody else holds. */
  private static final long REBIND_MS = 1000;

  private final String host;
  private final int port;
  private final SrtOptions options;
  private final PublisherHandler handler;
  private final Deadlines deadlines;
  private volatile ContainerReader current;
  private volatile boolean closed;

  /**
   * @param options whose stream id is what the publisher is taken to publish, for it is not asked
   */
  public SrtPort(
      String host, int port, SrtOptions options, PublisherHandler handler, Deadlines deadlines) {
    this.host = host;
    this.port = port;
    this.options = options;
    this.handler = handler;
    this.deadlines = deadlines;
  }

  public void start() {
    Thread thread = new Thread(this::listen, "srt-" + port);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    ContainerReader reader = current;
    if (reader != null) {
      reader.stop();
    }
  }

  private void listen() {
    SrtOptions mine = new SrtOptions("", options.passphrase(), options.latency());
    while (!closed) {
      ContainerReader reader = SrtByFfmpeg.listen(host, port, mine, deadlines);
      current = reader;
      if (closed) {
        reader.stop();
      }
      Ending refusal = reader.connect();
      if (refusal == null) {
        handler.publish(options.streamId(), "srt port " + port, reader);
        continue;
      }
      reader.close();
      refused(refusal);
    }
  }

  private void refused(Ending why) {
    if (closed) {
      return;
    }
    handler.refused("srt port " + port, why);
    LOG.warn("listening failed port={} {}", port, why);
    try {
      Thread.sleep(REBIND_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }
}
