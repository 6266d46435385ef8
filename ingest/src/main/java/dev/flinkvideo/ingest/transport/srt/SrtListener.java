package dev.flinkvideo.ingest.transport.srt;

import com.sun.jna.Pointer;
import dev.flinkvideo.ingest.transport.ContainerReader;
import dev.flinkvideo.ingest.transport.Deadlines;
import dev.flinkvideo.ingest.transport.EndReason;
import dev.flinkvideo.ingest.transport.Ending;
import dev.flinkvideo.ingest.transport.PeerLimits;
import dev.flinkvideo.ingest.transport.PublisherGate;
import dev.flinkvideo.ingest.transport.PublisherHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets publishers in on one UDP port, told apart by their stream ids, each encrypted with its own
 * pass phrase and read by a thread of its own. Closing it ends them all.
 */
public final class SrtListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SrtListener.class);
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final int BACKLOG = 32;

  /** After an error that might come again at once. */
  private static final long PAUSE_NANOS = 100_000_000;

  private static final String TOO_MANY = "too many connections";

  // SRT_REJECT_REASON: HTTP's numbers plus 1000.
  private static final int OVERLOADED = 1402;
  private static final int UNAUTHORISED = 1401;

  private final SrtLibrary library;
  private final PublisherGate gate;
  private final PublisherHandler handler;
  private final PeerLimits peers;
  private final Deadlines deadlines;
  private final SrtCallers callers;
  private final SrtSocket server;
  private final Set<SrtSocket> open = ConcurrentHashMap.newKeySet();

  /** Held here, for JNA keeps no callback alive. */
  private final SrtLibrary.ListenCallback callback = this::admit;

  private Thread acceptor;
  private volatile boolean closed;

  /** Whether this system has the library. */
  public static boolean isAvailable() {
    return SrtLibrary.Loaded.LIBRARY.isPresent();
  }

  /**
   * @throws IOException if the address cannot be bound
   */
  public SrtListener(
      InetSocketAddress bind,
      Duration latency,
      PublisherGate gate,
      PublisherHandler handler,
      PeerLimits peers,
      Deadlines deadlines)
      throws IOException {
    this.library = SrtLibrary.Loaded.LIBRARY.orElseThrow();
    this.gate = gate;
    this.handler = handler;
    this.peers = peers;
    this.deadlines = deadlines;
    this.callers = new SrtCallers(handler);
    this.server = SrtSocket.create(library);
    try {
      server.set(SrtSocket.Option.LATENCY, latency);
      server.set(SrtSocket.Option.PEER_IDLE_TIMEOUT, SrtFeed.PEER_IDLE);
      server.set(SrtSocket.Option.ENFORCED_ENCRYPTION, 1);
      server.bind(bind);
      server.listen(BACKLOG, callback);
    } catch (SrtException e) {
      server.close();
      throw e;
    }
  }

  public void start() {
    acceptor = thread("srt-listener", this::accept);
    acceptor.start();
  }

  public int port() {
    return server.localPort();
  }

  /** Waits for the accepting thread: a JVM that ends while it is in libsrt hangs. */
  @Override
  public void close() {
    closed = true;
    server.close();
    callers.close();
    open.forEach(SrtSocket::close);
    if (acceptor == null) {
      return;
    }
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** In a thread of libsrt, before there is a connection: who it is, and what encrypts it. */
  private int admit(
      Pointer opaque, int socket, int version, Pointer peerAddress, Pointer streamIdText) {
    try {
      InetSocketAddress peer = SocketAddresses.fromNative(peerAddress);
      if (!peers.hasRoom(peer.getAddress())) { // before it costs us any more
        library.srt_setrejectreason(socket, OVERLOADED);
        refuse(peer, EndReason.REFUSED, TOO_MANY);
        return -1;
      }
      StreamId id = StreamId.parse(streamIdText == null ? "" : streamIdText.getString(0));
      Optional<String> passphrase =
          id.publishes() ? gate.passphrase(id.stream()) : Optional.empty();
      if (passphrase.isEmpty()) {
        library.srt_setrejectreason(socket, UNAUTHORISED);
        refuse(peer, EndReason.UNAUTHORISED, "wrong stream id");
        return -1;
      }
      if (!passphrase.get().isEmpty()) {
        new SrtSocket(library, socket).set(SrtSocket.Option.PASSPHRASE, passphrase.get());
      }
      callers.expect(socket, peer);
      return 0;
    } catch (Exception | Error e) { // must not unwind through libsrt
      LOG.error("admitting an SRT caller failed", e);
      library.srt_setrejectreason(socket, OVERLOADED);
      return -1;
    }
  }

  private void accept() {
    while (!closed) {
      byte[] address = new byte[SocketAddresses.MAX_BYTES];
      SrtSocket socket = server.accept(address);
      if (socket != null) {
        callers.came(socket.number());
        receive(socket, SocketAddresses.fromNative(address));
      } else if (!closed) {
        LOG.warn("accepting an SRT connection failed");
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void receive(SrtSocket socket, InetSocketAddress peer) {
    InetAddress address = peer.getAddress();
    if (!peers.enter(address)) {
      socket.close();
      refuse(peer, EndReason.REFUSED, TOO_MANY); // others came meanwhile
      return;
    }
    open.add(socket);
    thread("srt-" + NUMBERS.incrementAndGet(), () -> serve(socket, peer)).start();
  }

  private void serve(SrtSocket socket, InetSocketAddress peer) {
    String name = name(peer);
    try (socket) {
      String stream = StreamId.parse(socket.streamId()).stream();
      handler.publish(stream, name, ContainerReader.of(new SrtFeed(socket), "mpegts", deadlines));
    } catch (RuntimeException e) {
      LOG.warn("serving SRT peer={} failed", name, e);
    } finally {
      open.remove(socket);
      peers.leave(peer.getAddress());
    }
  }

  private void refuse(InetSocketAddress peer, EndReason reason, String detail) {
    handler.refused(name(peer), new Ending(reason, detail));
  }

  private static String name(InetSocketAddress peer) {
    return peer.getAddress().getHostAddress() + ":" + peer.getPort();
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
