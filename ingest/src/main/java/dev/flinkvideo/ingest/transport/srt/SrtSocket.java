package dev.flinkvideo.ingest.transport.srt;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import dev.flinkvideo.ingest.transport.LinkStatistics;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One socket of libsrt. One thread reads; {@link #close} and {@link #statistics} from any. */
final class SrtSocket implements AutoCloseable {
  /** SRT_SOCKOPT of srt.h. */
  enum Option {
    BLOCKING_RECEIVE(2),
    LATENCY(23),
    PASSPHRASE(26),
    CONNECT_TIMEOUT(36),
    RECEIVE_LATENCY(43),
    STREAM_ID(46),
    ENFORCED_ENCRYPTION(53),
    PEER_IDLE_TIMEOUT(55);

    private final int number;

    Option(int number) {
      this.number = number;
    }
  }

  /** SRT_REJ_TIMEOUT. */
  static final int TIMED_OUT = 16;

  /** SRT_EASYNCRCV. */
  private static final int NOTHING_YET = 6002;

  /** SRT_EPOLL_IN and SRT_EPOLL_ERR. */
  private static final int READABLE_OR_BROKEN = 1 | 8;

  /** SRT_EPOLL_OUT, which it is once it is connected, and SRT_EPOLL_ERR. */
  private static final int CONNECTED_OR_BROKEN = 4 | 8;

  /** SRTS_CONNECTING. */
  private static final int CONNECTING = 4;

  /** SRTS_CONNECTED. */
  private static final int CONNECTED = 5;

  /** Of SRT_EPOLL_EVENT. */
  private static final int READY_BYTES = 8;

  private static final int MAX_STREAM_ID_BYTES = 512;

  /** More than CBytePerfMon has in any version; fields are only ever added at its end. */
  private static final int STATISTICS_BYTES = 2048;

  // Offsets in CBytePerfMon of srt.h, which are alike on all 64-bit platforms.
  private static final int PACKETS_RECEIVED = 16;
  private static final int PACKETS_LOST = 28;
  private static final int PACKETS_DROPPED = 68;
  private static final int PACKETS_RETRANSMITTED = 164;
  private static final int ROUND_TRIP_MS = 328;

  private final SrtLibrary library;
  private final int socket;
  private final byte[] ready = new byte[READY_BYTES];
  private int watch = -1;
  private boolean closed;

  SrtSocket(SrtLibrary library, int socket) {
    this.library = library;
    this.socket = socket;
  }

  static SrtSocket create(SrtLibrary library) {
    return new SrtSocket(library, library.srt_create_socket());
  }

  /** By which libsrt knows it. */
  int number() {
    return socket;
  }

  void set(Option option, int value) throws SrtException {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
    set(option, bytes.putInt(value).array());
  }

  void set(Option option, String value) throws SrtException {
    set(option, value.getBytes(StandardCharsets.UTF_8));
  }

  void set(Option option, Duration value) throws SrtException {
    set(option, (int) Math.min(Integer.MAX_VALUE, value.toMillis()));
  }

  private void set(Option option, byte[] value) throws SrtException {
    check(
        library.srt_setsockflag(socket, option.number, value, value.length),
        "SRT option " + option);
  }

  void bind(InetSocketAddress address) throws SrtException {
    byte[] bytes = SocketAddresses.toNative(address);
    check(library.srt_bind(socket, bytes, bytes.length), "binding SRT to " + address);
  }

  void listen(int backlog, SrtLibrary.ListenCallback callback) throws SrtException {
    check(library.srt_listen_callback(socket, callback, null), "listening");
    check(library.srt_listen(socket, backlog), "listening");
  }

  int localPort() {
    byte[] address = new byte[SocketAddresses.MAX_BYTES];
    library.srt_getsockname(socket, address, new IntByReference(address.length));
    return SocketAddresses.fromNative(address).getPort();
  }

  /** Waits for the next caller; null when closed. */
  SrtSocket accept(byte[] address) {
    int accepted = library.srt_accept(socket, address, new IntByReference(address.length));
    return accepted < 0 ? null : new SrtSocket(library, accepted);
  }

  /**
   * Without libsrt's own way to wait, which looks once a second whether time is up.
   *
   * @return 0, or the number that says why not: of SRT_REJECT_REASON, or the listener's own
   */
  int connect(InetSocketAddress address, Duration within) throws SrtException {
    set(Option.BLOCKING_RECEIVE, 0);
    int connecting = watch(CONNECTED_OR_BROKEN);
    try {
      byte[] bytes = SocketAddresses.toNative(address);
      if (library.srt_connect(socket, bytes, bytes.length) >= 0) {
        library.srt_epoll_uwait(connecting, ready, 1, within.toMillis());
        int state = library.srt_getsockstate(socket);
        if (state == CONNECTED) {
          return 0;
        }
        if (state == CONNECTING) {
          return TIMED_OUT;
        }
      }
      return Math.max(1, library.srt_getrejectreason(socket));
    } finally {
      library.srt_epoll_release(connecting);
    }
  }

  /** What both sides agreed on; zero once the connection is gone. */
  Duration latency() {
    byte[] value = new byte[Integer.BYTES];
    IntByReference length = new IntByReference(value.length);
    library.srt_getsockflag(socket, Option.RECEIVE_LATENCY.number, value, length);
    return Duration.ofMillis(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt());
  }

  String streamId() {
    byte[] value = new byte[MAX_STREAM_ID_BYTES + 1];
    IntByReference length = new IntByReference(value.length);
    int error = library.srt_getsockflag(socket, Option.STREAM_ID.number, value, length);
    return error < 0 ? "" : new String(value, 0, length.getValue(), StandardCharsets.UTF_8);
  }

  /**
   * Makes {@link #receive} possible, once connected. libsrt's own receive timeout is of no use:
   * after it has passed once, the next packet is given out only when it has passed again (1.5.1,
   * measured).
   */
  void watch() throws SrtException {
    set(Option.BLOCKING_RECEIVE, 0);
    watch = watch(READABLE_OR_BROKEN);
  }

  private int watch(int events) throws SrtException {
    int epoll = library.srt_epoll_create();
    check(
        library.srt_epoll_add_usock(epoll, socket, new IntByReference(events)),
        "watching an SRT socket");
    return epoll;
  }

  /**
   * The next message.
   *
   * @param into of memory that is not on the heap
   * @return its bytes; 0 if none came within {@code waitMs}; negative if the connection is gone
   */
  int receive(ByteBuffer into, long waitMs) {
    int received = tryReceive(into);
    if (received != 0) {
      return received;
    }
    library.srt_epoll_uwait(watch, ready, 1, waitMs);
    return tryReceive(into);
  }

  private int tryReceive(ByteBuffer into) {
    int received = library.srt_recvmsg(socket, into, into.capacity());
    if (received >= 0) {
      return received;
    }
    return library.srt_getlasterror(null) == NOTHING_YET ? 0 : -1;
  }

  /** Since it connected; zeros once it is closed. */
  synchronized LinkStatistics statistics() {
    if (closed) {
      return new LinkStatistics(0, 0, 0, 0, 0, 0);
    }
    try (Memory memory = new Memory(STATISTICS_BYTES)) {
      memory.clear();
      library.srt_bistats(socket, memory, /* clear= */ 0, /* instantaneous= */ 1);
      return new LinkStatistics(
          memory.getDouble(ROUND_TRIP_MS),
          memory.getLong(PACKETS_RECEIVED),
          memory.getInt(PACKETS_LOST),
          memory.getInt(PACKETS_RETRANSMITTED),
          memory.getInt(PACKETS_DROPPED),
          /* refused= */ 0);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      library.srt_close(socket);
      if (watch >= 0) {
        library.srt_epoll_release(watch);
      }
    }
  }

  private void check(int result, String what) throws SrtException {
    if (result < 0) {
      throw new SrtException(what, library.srt_getlasterror_str());
    }
  }
}
