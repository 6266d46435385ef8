package dev.flinkvideo.ingest.transport;

import java.net.InetSocketAddress;
import java.util.Optional;
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

  private final InetSocketAddress bind;
  private final SrtOptions options;
  private final PublisherGate gate;
  private final PublisherHandler handler;
  private final PeerLimits peers;
  private final Deadlines deadlines;
  private volatile ContainerReader current;
  private volatile boolean closed;

  /**
   * @param options whose stream id is what the publisher is taken to publish, for it is not asked
   * @param peers limits all; libavformat does not say from where one comes
   */
  public SrtPort(
      InetSocketAddress bind,
      SrtOptions options,
      PublisherGate gate,
      PublisherHandler handler,
      PeerLimits peers,
      Deadlines deadlines) {
    this.bind = bind;
    this.options = options;
    this.gate = gate;
    this.handler = handler;
    this.peers = peers;
    this.deadlines = deadlines;
  }

  public void start() {
    Thread thread = new Thread(this::listen, "srt-" + bind.getPort());
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
    String host = bind.getAddress().getHostAddress();
    while (!closed) {
      ContainerReader reader = SrtByFfmpeg.listen(host, bind.getPort(), mine, deadlines);
      current = reader;
      if (closed) {
        reader.stop();
      }
      Ending failure = reader.connect();
      if (failure == null) {
        serve(reader);
        continue;
      }
      reader.close();
      failed(failure);
    }
  }

  private void serve(ContainerReader reader) {
    if (!peers.enterUnknown()) {
      reader.close();
      handler.refused(name(), new Ending(EndReason.REFUSED, "too many connections"));
      return;
    }
    try {
      // It has proven that it knows the pass phrase: without, libsrt would not have let it in.
      Optional<Ending> refusal = gate.refuse(options.streamId(), options.passphrase());
      if (refusal.isPresent()) {
        reader.close();
        handler.refused(name(), refusal.get());
        return;
      }
      handler.publish(options.streamId(), name(), reader);
    } finally {
      peers.leaveUnknown();
    }
  }

  private void failed(Ending why) {
    if (closed) {
      return;
    }
    handler.refused(name(), why);
    LOG.warn("listening failed port={} {}", bind.getPort(), why);
    try {
      Thread.sleep(REBIND_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private String name() {
    return "srt port " + bind.getPort();
  }
}
