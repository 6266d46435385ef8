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
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets publishers in on one TCP port, each with a thread of its own, from its first byte to its
 * end. Closing it ends them all.
 */
public final class RtmpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RtmpListener.class);
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /** Plenty for what we answer; the system would give one who reads nothing 4 MB. */
  private static final int SEND_BUFFER_BYTES = 16 * 1024;

  private final ServerSocket server;
  private final Optional<SSLSocketFactory> tls;
  private final PublisherGate gate;
  private final PublisherHandler handler;
  private final PeerLimits strangers;
  private final PeerLimits peers;
  private final Deadlines deadlines;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1,
          task -> thread("rtmp-watchdogs", task),
          new ThreadPoolExecutor.DiscardPolicy()); // once we are closed, as all sockets are

  /** Plain RTMP, else as below. */
  public RtmpListener(
      ServerSocket server,
      PublisherGate gate,
      PublisherHandler handler,
      PeerLimits strangers,
      PeerLimits peers,
      Deadlines deadlines) {
    this(server, Optional.empty(), gate, handler, strangers, peers, deadlines);
  }

  /**
   * @param server bound already; owned from here on
   * @param tls makes this RTMPS
   * @param strangers limits those who have not shown a key yet
   * @param peers limits all
   */
  public RtmpListener(
      ServerSocket server,
      Optional<SSLSocketFactory> tls,
      PublisherGate gate,
      PublisherHandler handler,
      PeerLimits strangers,
      PeerLimits peers,
      Deadlines deadlines) {
    this.server = server;
    this.tls = tls;
    this.gate = gate;
    this.handler = handler;
    this.strangers = strangers;
    this.peers = peers;
    this.deadlines = deadlines;
    timer.setRemoveOnCancelPolicy(true);
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
    timer.shutdownNow();
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
    if (server.isClosed()) { // perhaps before it was among the open ones
      open.remove(socket);
      socket.close();
      return;
    }
    thread("rtmp-" + NUMBERS.incrementAndGet(), () -> serve(socket, address)).start();
  }

  private void serve(Socket socket, InetAddress address) {
    String peer = address.getHostAddress() + ":" + socket.getPort();
    try (Watchdog watchdog = new Watchdog(socket, timer)) {
      socket.setTcpNoDelay(true);
      socket.setSendBufferSize(SEND_BUFFER_BYTES);
      RtmpSession session = new RtmpSession(secured(socket), watchdog);
      String stream = introduce(session, watchdog, address, peer);
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

  private Socket secured(Socket socket) throws IOException {
    return tls.isEmpty()
        ? socket
        : tls.get().createSocket(socket, /* consumed= */ null, /* autoClose= */ true);
  }

  /** What it publishes, or null after having refused it. */
  private String introduce(
      RtmpSession session, Watchdog watchdog, InetAddress address, String peer) {
    Ending why;
    if (!strangers.enter(address)) {
      handler.refused(peer, new Ending(EndReason.REFUSED, "too many connections without a key"));
      return null;
    }
    try {
      watchdog.allow(deadlines.connect().toNanos());
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
      watchdog.rest();
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
