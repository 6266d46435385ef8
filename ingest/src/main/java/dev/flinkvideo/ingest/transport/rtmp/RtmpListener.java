package dev.flinkvideo.ingest.transport.rtmp;

import dev.flinkvideo.ingest.transport.ContainerReader;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.PublisherGate;
import dev.flinkvideo.ingest.transport.PublisherHandler;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets publishers in on one TCP port, each with a thread of its own, from its first byte to its
 * end. Closing it ends them all.
 */
public final class RtmpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RtmpListener.class);
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final ServerSocket server;
  private final PublisherGate gate;
  private final PublisherHandler handler;
  private final PeerLimits strangers;
  private final PeerLimits peers;
  private final Deadlines deadlines;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * @param server bound already; a TLS one makes this RTMPS. Owned from here on
   * @param strangers limits those who have not shown a key yet
   * @param peers limits all
   */
  public RtmpListener(
      ServerSocket server,
      PublisherGate gate,
      PublisherHandler handler,
      PeerLimits strangers,
      PeerLimits peers,
      Deadlines deadlines) {
    this.server = server;
    this.gate = gate;
    this.handler = handler;
    this.strangers = strangers;
    this.peers = peers;
    this.deadlines = deadlines;
  }

  public void start() {
    thread("rtmp-listener", this::accept).start();
  }

  public int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        admit(server.accept());
      } catch (IOException e) {
        if (!server.isClosed()) {
          LOG.warn("accepting an RTMP connection failed: {}", e.getMessage());
        }
      }
    }
  }

  private void admit(Socket socket) throws IOException {
    InetAddress address = socket.getInetAddress();
    if (!peers.enter(address)) {
      socket.close();
      handler.refused(
          address.getHostAddress(), new Ending(EndReason.REFUSED, "too many connections"));
      return;
    }
    open.add(socket);
    thread("rtmp-" + NUMBERS.incrementAndGet(), () -> serve(socket, address)).start();
  }

  private void serve(Socket socket, InetAddress address) {
    String peer = address.getHostAddress() + ":" + socket.getPort();
    try (socket) {
      RtmpSession session = new RtmpSession(socket);
      String stream = introduce(session, address, peer);
      if (stream != null) {
        FlvFeed feed = new FlvFeed(session);
        handler.publish(stream, peer, ContainerReader.of(feed, "flv", deadlines));
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("serving RTMP peer={} failed", peer, e);
    } finally {
      open.remove(socket);
      peers.leave(address);
    }
  }

  /** What it publishes, or null after having refused it. */
  private String introduce(RtmpSession session, InetAddress address, String peer) {
    Ending why;
    if (!strangers.enter(address)) {
      handler.refused(peer, new Ending(EndReason.REFUSED, "too many connections without a key"));
      return null;
    }
    try {
      session.allow(deadlines.connect().toNanos());
      if (session.awaitPublish()) {
        Optional<Ending> refusal = gate.refuse(session.stream(), session.secret());
        if (refusal.isEmpty()) {
          session.acceptPublish();
          return session.stream();
        }
        session.refusePublish();
        why = refusal.get();
      } else {
        why = new Ending(EndReason.CLOSED, "left before publishing");
      }
    } catch (SocketTimeoutException e) {
      why = new Ending(EndReason.STALLED, "did not publish in time");
    } catch (MalformedRtmpException e) {
      why = new Ending(EndReason.PROTOCOL_ERROR, e.getMessage());
    } catch (EOFException e) {
      why = new Ending(EndReason.LOST, "left before publishing");
    } catch (IOException e) {
      why = new Ending(EndReason.LOST, String.valueOf(e.getMessage()));
    } finally {
      strangers.leave(address);
    }
    handler.refused(peer, why);
    return null;
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
